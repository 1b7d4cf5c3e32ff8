-- Schema 3. Looking back over years: repetitions in half the room, what a person changed laid over what was derived,
-- totals of a session, walks, traces, tests.

-- Whole numbers instead of binary fractions, each finer than what is measured: thousandths of a degree, hundredths of a
-- degree a second, thousandths of smoothness and confidence, tenths of a millisecond of rest. How long a repetition
-- lifts, holds and lowers are the distances between its four times.
CREATE TABLE rep_3 (
    eset_id INTEGER NOT NULL REFERENCES eset (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    start_us INTEGER NOT NULL,
    lift_us INTEGER NOT NULL,
    hold_us INTEGER NOT NULL,
    lower_us INTEGER NOT NULL,
    range_mdeg INTEGER CHECK (range_mdeg BETWEEN -1000000000 AND 1000000000),
    rest_100us INTEGER CHECK (rest_100us BETWEEN -10000000000 AND 10000000000),
    peak_cdeg_per_s INTEGER NOT NULL CHECK (peak_cdeg_per_s BETWEEN -100000000 AND 100000000),
    sparc_milli INTEGER CHECK (sparc_milli BETWEEN -1000000000 AND 1000000000),
    full_range INTEGER NOT NULL CHECK (full_range IN (0, 1)),
    confidence_milli INTEGER NOT NULL CHECK (confidence_milli BETWEEN 0 AND 1000),
    -- JSON array of detector ids; NULL where nothing stood out.
    detectors TEXT CHECK (json_valid(detectors)),
    quality INTEGER NOT NULL,
    PRIMARY KEY (eset_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO rep_3 SELECT eset_id, seq, start_us, top_us - start_us, turn_us - top_us, end_us - turn_us,
    CAST(round(range_deg * 1000) AS INTEGER), CAST(round(rest_s * 10000) AS INTEGER),
    CAST(round(peak_deg_per_s * 100) AS INTEGER), CAST(round(smoothness_sparc * 1000) AS INTEGER), full_range,
    CAST(round(confidence * 1000) AS INTEGER), detectors, quality FROM rep;
DROP TABLE rep;
ALTER TABLE rep_3 RENAME TO rep;

-- Everything from here to the tests is worked out from the rows above and can be again at any time: `Store::rebuild`.

-- What the standing edits say of a set; NULL where they say nothing. A set keeps it through every rescore.
CREATE TABLE overlay (
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    set_index INTEGER NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('left', 'right')),
    exercise TEXT,
    count INTEGER CHECK (count BETWEEN 0 AND 100000),
    mass_g INTEGER CHECK (mass_g BETWEEN 0 AND 100000),
    -- -1: the person took the answer back.
    reserve INTEGER CHECK (reserve BETWEEN -1 AND 255),
    pain INTEGER CHECK (pain BETWEEN -1 AND 10),
    removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
    PRIMARY KEY (session_id, set_index, side)
) STRICT, WITHOUT ROWID;

-- Sets as a person sees them: derived, with the edits over them, without those that were removed.
CREATE VIEW done AS
    SELECT e.id, e.derived_id, d.session_id, e.profile_id, e.set_index, e.side,
        coalesce(o.exercise, e.exercise) AS exercise, e.exercise AS derived_exercise, e.laterality,
        coalesce(o.mass_g, e.mass_g) AS mass_g,
        e.began_us, e.ended_us, e.ended_by, coalesce(o.count, e.count) AS count, e.short, e.target, e.range_deg,
        e.lift_s, e.hold_s, e.lower_s, e.peak_deg_per_s, e.cadence_per_min,
        iif(o.reserve IS NULL, e.reserve, nullif(o.reserve, -1)) AS reserve,
        iif(o.pain IS NULL, e.pain, nullif(o.pain, -1)) AS pain,
        -- Corrected by hand: kept, and never the reason for another load.
        iif(coalesce(o.exercise, o.count, o.mass_g) IS NULL, e.counts_for_progress, 0) AS counts_for_progress,
        e.quality, coalesce(o.exercise, o.count, o.mass_g, o.reserve, o.pain) IS NOT NULL AS edited,
        o.count IS NOT NULL AS recounted
    FROM derived d JOIN eset e ON e.derived_id = d.id
        LEFT JOIN overlay o ON o.session_id = d.session_id AND o.set_index = e.set_index AND o.side = e.side
    WHERE d.current = 1 AND coalesce(o.removed, 0) = 0;

-- One session in a list or a calendar.
CREATE TABLE total (
    session_id INTEGER PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    -- The session's own, once more: its row is ten times as long, and a course over years reads thousands.
    uid BLOB NOT NULL CHECK (length(uid) = 16),
    started_utc_ms INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    -- Seconds, from the summary; NULL as long as there is none.
    duration_s REAL CHECK (duration_s BETWEEN 0 AND 1e6),
    sets INTEGER NOT NULL CHECK (sets >= 0),
    reps INTEGER NOT NULL CHECK (reps >= 0),
    strides INTEGER NOT NULL CHECK (strides >= 0),
    -- Sets the plan asked for.
    planned INTEGER NOT NULL CHECK (planned >= 0),
    -- Largest answer.
    pain INTEGER CHECK (pain BETWEEN 0 AND 255),
    -- JSON array of exercise ids in the order of their first set.
    exercises TEXT NOT NULL CHECK (json_valid(exercises)),
    -- Edits that stand.
    edits INTEGER NOT NULL CHECK (edits >= 0),
    starred INTEGER NOT NULL CHECK (starred IN (0, 1)),
    note TEXT NOT NULL,
    -- JSON array of texts.
    tags TEXT NOT NULL CHECK (json_valid(tags))
) STRICT;
CREATE INDEX total_day ON total (profile_id, local_day, session_id);

-- One walked set of one leg, from its strides: medians, and their spread as 1.4826 times the median distance from it.
CREATE TABLE gait (
    eset_id INTEGER NOT NULL REFERENCES eset (id) ON DELETE CASCADE,
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    strides INTEGER NOT NULL CHECK (strides > 0),
    stride_s REAL NOT NULL CHECK (stride_s BETWEEN 0 AND 1e6),
    stride_spread_s REAL NOT NULL CHECK (stride_spread_s BETWEEN 0 AND 1e6),
    swing_fraction REAL NOT NULL CHECK (swing_fraction BETWEEN 0 AND 1),
    -- NULL where no stride has a length.
    length_m REAL CHECK (length_m BETWEEN 0 AND 1e6),
    length_error_m REAL CHECK (length_error_m BETWEEN 0 AND 1e6),
    speed_m_per_s REAL CHECK (speed_m_per_s BETWEEN 0 AND 1e6),
    lift_m REAL CHECK (lift_m BETWEEN 0 AND 1e6),
    PRIMARY KEY (profile_id, eset_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX gait_set ON gait (eset_id);

-- The angle of a set over its time, coded; kept as long as the recording it is from.
CREATE TABLE trace (
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    set_index INTEGER NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('left', 'right')),
    points BLOB NOT NULL,
    UNIQUE (session_id, set_index, side)
) STRICT;

-- A test of what somebody can do: chair stands, balance, a marked course, a range. Never worked out again.
CREATE TABLE test (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    session_id INTEGER REFERENCES session (id) ON DELETE CASCADE,
    at_utc_ms INTEGER NOT NULL,
    offset_min INTEGER NOT NULL CHECK (offset_min BETWEEN -1440 AND 1440),
    zone TEXT NOT NULL,
    local_day TEXT NOT NULL CHECK (local_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    kind TEXT NOT NULL,
    side TEXT CHECK (side IN ('left', 'right')),
    value REAL NOT NULL CHECK (value BETWEEN -1e9 AND 1e9),
    unit TEXT NOT NULL,
    -- How far off the value may be, in its unit; NULL where that is not known.
    error REAL CHECK (error BETWEEN 0 AND 1e9),
    quality INTEGER NOT NULL
) STRICT;
CREATE INDEX test_newest ON test (profile_id, kind, at_utc_ms, id);

-- Edits are looked for by session and taken in their order.
DROP INDEX edit_session;
CREATE INDEX edit_session ON edit (session_id, id);
