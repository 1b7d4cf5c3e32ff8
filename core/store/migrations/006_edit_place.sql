-- Schema 6. Where in the session the set of a change lies: its number is another one where another engine sees more sets
-- or fewer, and a change by hand belongs to what was done, not to a number.

-- Session time of the set as it was when it was changed; NULL where it was not ended, or nobody knows any more.
ALTER TABLE edit ADD COLUMN set_began_us INTEGER;
ALTER TABLE edit ADD COLUMN set_ended_us INTEGER;
DROP TRIGGER edit_is_append_only;
UPDATE edit SET (set_began_us, set_ended_us) = (
    SELECT e.began_us, e.ended_us FROM derived d JOIN eset e ON e.derived_id = d.id
    WHERE d.session_id = edit.session_id AND d.current = 1 AND e.set_index = edit.set_index AND e.side = edit.side
) WHERE set_index IS NOT NULL;
CREATE TRIGGER edit_is_append_only BEFORE UPDATE ON edit BEGIN
    SELECT raise(ABORT, 'edits are only ever added');
END;
