-- Schema 2. Strides have a length: metres, how far off it may be (one standard deviation), and the lift of the ankle.
-- All three are NULL where not measured, as they are for every stride from before.

ALTER TABLE stride ADD COLUMN length_m REAL CHECK (length_m BETWEEN 0 AND 1e6);
ALTER TABLE stride ADD COLUMN length_error_m REAL CHECK (length_error_m BETWEEN 0 AND 1e6);
ALTER TABLE stride ADD COLUMN lift_m REAL CHECK (lift_m BETWEEN 0 AND 1e6);
