-- Schema 5. Which programme somebody follows, from when to when.

CREATE TABLE course (
    id INTEGER PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    -- Id of a programme of the catalogue.
    programme TEXT NOT NULL,
    from_utc_ms INTEGER NOT NULL,
    to_utc_ms INTEGER CHECK (to_utc_ms >= from_utc_ms)
) STRICT;
CREATE UNIQUE INDEX course_now ON course (profile_id) WHERE to_utc_ms IS NULL;
