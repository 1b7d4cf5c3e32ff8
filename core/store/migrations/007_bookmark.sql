-- Schema 7. A bookmark knows what was left out, stopped or made lighter on the way: a session taken up without its
-- recording must not bring back what pain ended, nor a weight that pain took away.

-- Exercises that were stopped, that were left out, and the most each eased leg carries, grams; NULL where nothing was.
ALTER TABLE bookmark ADD COLUMN changed TEXT CHECK (json_valid(changed));
