-- Tries that ended in an error are told from tries that never ended (the process died): events that were only near a crash must not be
-- given up as quickly as ones that fail. `attempts` counts the unended ones since the last failure.
ALTER TABLE inbox_attempt ADD COLUMN failures integer NOT NULL DEFAULT 0;
