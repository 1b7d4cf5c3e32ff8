-- Schema 1. Ids of the outside are 16-byte BLOBs, once per table; inside, rows meet by integer.
-- Times: *_utc_ms milliseconds since 1970, *_us microseconds of session time. Loads: whole grams.
-- REAL columns hold no infinity (the comparisons) and no NaN (SQLite turns it into NULL, which NOT NULL refuses;
-- where NULL is allowed it means "not measured").
-- A repetition or stride is its set's; every other personal row carries its profile.

CREATE TABLE profile (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    name TEXT NOT NULL
) STRICT;

-- The household's cuffs.
CREATE TABLE cuff (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    family TEXT NOT NULL,
    serial TEXT NOT NULL,
    name TEXT NOT NULL,
    dry_mass_g INTEGER CHECK (dry_mass_g BETWEEN 0 AND 100000),
    -- JSON array of the masses of its inserts, grams.
    inserts_g TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(inserts_g)),
    UNIQUE (family, serial)
) STRICT;

-- Who wears which cuff where, from when to when.
CREATE TABLE wear (
    id INTEGER PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    cuff_id INTEGER NOT NULL REFERENCES cuff (id) ON DELETE CASCADE,
    side TEXT NOT NULL CHECK (side IN ('left', 'right')),
    mass_g INTEGER NOT NULL CHECK (mass_g BETWEEN 0 AND 100000),
    site TEXT NOT NULL DEFAULT 'ankle',
    calibration_id INTEGER REFERENCES calibration (id) ON DELETE SET NULL,
    from_utc_ms INTEGER NOT NULL,
    to_utc_ms INTEGER CHECK (to_utc_ms >= from_utc_ms)
) STRICT;
-- Worn now: one cuff per leg, one leg per cuff.
CREATE UNIQUE INDEX wear_now_leg ON wear (profile_id, side) WHERE to_utc_ms IS NULL;
CREATE UNIQUE INDEX wear_now_cuff ON wear (cuff_id) WHERE to_utc_ms IS NULL;

CREATE TABLE calibration (
    id INTEGER PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    side TEXT NOT NULL CHECK (side IN ('left', 'right')),
    exercise TEXT NOT NULL,
    range_deg REAL NOT NULL CHECK (range_deg BETWEEN 0 AND 360),
    at_utc_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX calibration_newest ON calibration (profile_id, exercise, side, at_utc_ms DESC);

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('live', 'demo', 'replay')),
    state TEXT NOT NULL CHECK (state IN ('open', 'finished')),
    started_utc_ms INTEGER NOT NULL,
    ended_utc_ms INTEGER,
    offset_min INTEGER NOT NULL CHECK (offset_min BETWEEN -1440 AND 1440),
    zone TEXT NOT NULL,
    local_day TEXT NOT NULL CHECK (local_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    -- File names of a replay, or `sim`.
    source TEXT NOT NULL,
    -- The plan as JSON (talus_coach::SessionPlan), the same as in the recording.
    plan TEXT NOT NULL CHECK (json_valid(plan)),
    -- Acknowledged: session time, and the sequence number after the last input in the recording.
    raw_through_us INTEGER NOT NULL DEFAULT 0,
    raw_next INTEGER NOT NULL DEFAULT 0 CHECK (raw_next >= 0),
    -- Set when rows were found to be ahead of the recording.
    raw_incomplete INTEGER NOT NULL DEFAULT 0 CHECK (raw_incomplete IN (0, 1)),
    -- The summary as JSON (talus_coach::SessionSummary) once the session came to its own end.
    summary TEXT CHECK (json_valid(summary))
) STRICT;
CREATE INDEX session_newest ON session (profile_id, started_utc_ms DESC, uid DESC);
CREATE INDEX session_open ON session (profile_id) WHERE state = 'open';

-- Rows of one session as one engine and catalogue derived them; one set of rows is current.
CREATE TABLE derived (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    engine_version INTEGER NOT NULL,
    catalogue_version TEXT NOT NULL,
    current INTEGER NOT NULL CHECK (current IN (0, 1))
) STRICT;
CREATE INDEX derived_session ON derived (session_id);
CREATE UNIQUE INDEX derived_current ON derived (session_id) WHERE current = 1;

-- A set of one leg; both legs of a set share `set_index`. (`set` is a word of SQL.)
CREATE TABLE eset (
    id INTEGER PRIMARY KEY,
    derived_id INTEGER NOT NULL REFERENCES derived (id) ON DELETE CASCADE,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    set_index INTEGER NOT NULL CHECK (set_index >= 0),
    side TEXT NOT NULL CHECK (side IN ('left', 'right')),
    exercise TEXT NOT NULL,
    laterality TEXT CHECK (laterality IN ('each', 'alternate', 'both')),
    mass_g INTEGER NOT NULL CHECK (mass_g BETWEEN 0 AND 100000),
    began_us INTEGER NOT NULL,
    -- NULL as long as the set goes on, with everything below it.
    ended_us INTEGER,
    ended_by TEXT,
    count INTEGER NOT NULL DEFAULT 0 CHECK (count >= 0),
    short INTEGER NOT NULL DEFAULT 0 CHECK (short >= 0),
    target INTEGER CHECK (target >= 0),
    range_deg REAL CHECK (range_deg BETWEEN -1e6 AND 1e6),
    lift_s REAL CHECK (lift_s BETWEEN -1e6 AND 1e6),
    hold_s REAL CHECK (hold_s BETWEEN -1e6 AND 1e6),
    lower_s REAL CHECK (lower_s BETWEEN -1e6 AND 1e6),
    peak_deg_per_s REAL CHECK (peak_deg_per_s BETWEEN -1e6 AND 1e6),
    cadence_per_min REAL CHECK (cadence_per_min BETWEEN -1e6 AND 1e6),
    reserve INTEGER CHECK (reserve BETWEEN 0 AND 255),
    pain INTEGER CHECK (pain BETWEEN 0 AND 255),
    counts_for_progress INTEGER NOT NULL DEFAULT 0 CHECK (counts_for_progress IN (0, 1)),
    -- Bits of talus_motion::Quality.
    quality INTEGER NOT NULL DEFAULT 0,
    UNIQUE (derived_id, set_index, side)
) STRICT;
CREATE INDEX eset_trend ON eset (profile_id, exercise, side);

CREATE TABLE rep (
    eset_id INTEGER NOT NULL REFERENCES eset (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    start_us INTEGER NOT NULL,
    top_us INTEGER NOT NULL,
    turn_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    range_deg REAL CHECK (range_deg BETWEEN -1e6 AND 1e6),
    lift_s REAL NOT NULL CHECK (lift_s BETWEEN -1e6 AND 1e6),
    hold_s REAL NOT NULL CHECK (hold_s BETWEEN -1e6 AND 1e6),
    lower_s REAL NOT NULL CHECK (lower_s BETWEEN -1e6 AND 1e6),
    rest_s REAL CHECK (rest_s BETWEEN -1e6 AND 1e6),
    peak_deg_per_s REAL NOT NULL CHECK (peak_deg_per_s BETWEEN -1e6 AND 1e6),
    smoothness_sparc REAL CHECK (smoothness_sparc BETWEEN -1e6 AND 1e6),
    full_range INTEGER NOT NULL CHECK (full_range IN (0, 1)),
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    -- JSON array of detector ids; NULL where nothing stood out.
    detectors TEXT CHECK (json_valid(detectors)),
    quality INTEGER NOT NULL,
    PRIMARY KEY (eset_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE stride (
    eset_id INTEGER NOT NULL REFERENCES eset (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    start_us INTEGER NOT NULL,
    foot_off_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    swing_fraction REAL NOT NULL CHECK (swing_fraction BETWEEN -1e6 AND 1e6),
    quality INTEGER NOT NULL,
    PRIMARY KEY (eset_id, seq)
) STRICT, WITHOUT ROWID;

-- Where an open session is, for taking it up again without its recording.
CREATE TABLE bookmark (
    session_id INTEGER PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    at_us INTEGER NOT NULL,
    block INTEGER NOT NULL,
    set_index INTEGER NOT NULL,
    side TEXT CHECK (side IN ('left', 'right')),
    stage TEXT NOT NULL,
    count INTEGER NOT NULL,
    rest_until_us INTEGER
) STRICT;

-- What a person changed by hand, laid over derived rows; only ever added to.
CREATE TABLE edit (
    id INTEGER PRIMARY KEY,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    at_utc_ms INTEGER NOT NULL,
    set_index INTEGER,
    side TEXT CHECK (side IN ('left', 'right')),
    field TEXT NOT NULL,
    value TEXT NOT NULL CHECK (json_valid(value)),
    -- The edit this one takes back.
    undoes INTEGER REFERENCES edit (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX edit_session ON edit (session_id);
CREATE TRIGGER edit_is_append_only BEFORE UPDATE ON edit BEGIN
    SELECT raise(ABORT, 'edits are only ever added');
END;
