-- Schema 4. What of somebody decides a load: who they are, what they answered, whose plans they trust, how they were.

-- One row a person; a person nobody has described yet has none.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    profile_id INTEGER NOT NULL UNIQUE REFERENCES profile (id) ON DELETE CASCADE,
    birth_year INTEGER NOT NULL CHECK (birth_year BETWEEN 1880 AND 2200),
    height_cm REAL NOT NULL CHECK (height_cm BETWEEN 90 AND 230),
    mass_kg REAL NOT NULL CHECK (mass_kg BETWEEN 20 AND 300),
    sex TEXT CHECK (sex IN ('female', 'male')),
    goal TEXT NOT NULL,
    level TEXT NOT NULL,
    -- Weights there are, grams: lightest, step, heaviest; NULL where the cuffs themselves say.
    kit TEXT CHECK (json_valid(kit)),
    -- The twelve answers and what was named under them (talus_coach::Answers); NULL until they are given.
    answers TEXT CHECK (json_valid(answers)),
    -- What balance tests said (talus_coach::screening::Stance).
    stance TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(stance)),
    at_utc_ms INTEGER NOT NULL
) STRICT;

-- Authors whose six words were confirmed: only their plans are used.
CREATE TABLE author (
    id INTEGER PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    key BLOB NOT NULL CHECK (length(key) = 32),
    name TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL,
    UNIQUE (profile_id, key)
) STRICT;

-- Signed plans as they came; the newest is the one that counts, until its last day or until it is put away.
CREATE TABLE plan (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    from_utc_ms INTEGER NOT NULL,
    to_utc_ms INTEGER CHECK (to_utc_ms >= from_utc_ms)
) STRICT;
CREATE UNIQUE INDEX plan_now ON plan (profile_id) WHERE to_utc_ms IS NULL;

-- How somebody was before a session or the morning after one.
CREATE TABLE check_in (
    id INTEGER PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    at_utc_ms INTEGER NOT NULL,
    local_day TEXT NOT NULL CHECK (local_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    moment TEXT NOT NULL CHECK (moment IN ('before', 'morning')),
    pain INTEGER CHECK (pain BETWEEN 0 AND 10),
    slept_badly INTEGER NOT NULL CHECK (slept_badly IN (0, 1)),
    sore INTEGER NOT NULL CHECK (sore IN (0, 1)),
    swollen INTEGER NOT NULL CHECK (swollen IN (0, 1)),
    -- JSON array of talus_coach::screening::Sign.
    signs TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(signs)),
    -- Whether a sign among them locks the day.
    red_flag INTEGER NOT NULL CHECK (red_flag IN (0, 1))
) STRICT;
CREATE INDEX check_in_newest ON check_in (profile_id, at_utc_ms);
