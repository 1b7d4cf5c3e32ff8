-- Schema 8. A set can have been done by the other leg. And what is asked of years at once stands ready: the course of an
-- exercise, the exercises of a session.

-- Whether a person said that the legs of this set were the other way round.
ALTER TABLE overlay ADD COLUMN swapped INTEGER NOT NULL DEFAULT 0 CHECK (swapped IN (0, 1));

DROP VIEW done;
CREATE VIEW done AS
    SELECT e.id, e.derived_id, d.session_id, e.profile_id, e.set_index,
        iif(coalesce(o.swapped, 0), iif(e.side = 'left', 'right', 'left'), e.side) AS side,
        coalesce(o.exercise, e.exercise) AS exercise, e.laterality, coalesce(o.mass_g, e.mass_g) AS mass_g,
        e.began_us, e.ended_us, e.ended_by, coalesce(o.count, e.count) AS count, e.short, e.target, e.range_deg,
        e.lift_s, e.hold_s, e.lower_s, e.peak_deg_per_s, e.cadence_per_min,
        iif(o.reserve IS NULL, e.reserve, nullif(o.reserve, -1)) AS reserve,
        iif(o.pain IS NULL, e.pain, nullif(o.pain, -1)) AS pain,
        -- Corrected by hand: kept, and never the reason for another load.
        iif(coalesce(o.exercise, o.count, o.mass_g, nullif(o.swapped, 0)) IS NULL, e.counts_for_progress, 0)
            AS counts_for_progress,
        e.quality,
        coalesce(o.exercise, o.count, o.mass_g, o.reserve, o.pain, nullif(o.swapped, 0)) IS NOT NULL AS edited,
        o.count IS NOT NULL AS recounted
    FROM derived d JOIN eset e ON e.derived_id = d.id
        LEFT JOIN overlay o ON o.session_id = d.session_id AND o.set_index = e.set_index AND o.side = e.side
    WHERE d.current = 1 AND coalesce(o.removed, 0) = 0;

-- One session in a list or a calendar, and what its person did in it. Empty: the next opening fills it and what follows.
DROP TABLE total;
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
    tags TEXT NOT NULL CHECK (json_valid(tags)),
    -- Whether this person did it: no replay, and no demo that was planned for nobody.
    theirs INTEGER NOT NULL CHECK (theirs IN (0, 1)),
    -- When it ended; NULL as long as it has not.
    ended_utc_ms INTEGER,
    -- Of which programme it was which part, as planned; NULL where it was none.
    programme TEXT,
    part TEXT,
    -- JSON array of the exercises of ended sets with a count, each with its largest answer of pain or null.
    worked TEXT NOT NULL CHECK (json_valid(worked))
) STRICT;
CREATE INDEX total_day ON total (profile_id, local_day, session_id);

-- Ended sets as a person sees them, in the course of their exercise: read in one go, in the order they are shown in.
CREATE TABLE trend (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    exercise TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('left', 'right')),
    started_utc_ms INTEGER NOT NULL,
    uid BLOB NOT NULL CHECK (length(uid) = 16),
    set_index INTEGER NOT NULL CHECK (set_index >= 0),
    session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    local_day TEXT NOT NULL,
    -- When its session ended: an own range that was found by then is the one of its time.
    until_utc_ms INTEGER NOT NULL,
    theirs INTEGER NOT NULL CHECK (theirs IN (0, 1)),
    mass_g INTEGER NOT NULL CHECK (mass_g BETWEEN 0 AND 100000),
    count INTEGER NOT NULL CHECK (count >= 0),
    short INTEGER NOT NULL CHECK (short >= 0),
    target INTEGER CHECK (target >= 0),
    range_deg REAL,
    lift_s REAL,
    hold_s REAL,
    lower_s REAL,
    peak_deg_per_s REAL,
    reserve INTEGER,
    pain INTEGER,
    counts_for_progress INTEGER NOT NULL CHECK (counts_for_progress IN (0, 1)),
    quality INTEGER NOT NULL,
    edited INTEGER NOT NULL CHECK (edited IN (0, 1)),
    PRIMARY KEY (profile_id, exercise, side, started_utc_ms, uid, set_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX trend_session ON trend (session_id);
-- What it was for, `trend` does.
DROP INDEX eset_trend;
