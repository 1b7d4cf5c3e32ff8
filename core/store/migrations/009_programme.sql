-- Schema 9. Programmes that somebody shared, as they came: whoever took one in or follows it has it, so that it goes out, comes
-- back and is deleted with them.

CREATE TABLE programme (
    id INTEGER PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    -- Id it is followed by.
    slug TEXT NOT NULL CHECK (length(slug) BETWEEN 1 AND 200),
    -- Its file.
    text TEXT NOT NULL CHECK (length(text) <= 65536),
    at_utc_ms INTEGER NOT NULL,
    UNIQUE (profile_id, slug)
) STRICT;
