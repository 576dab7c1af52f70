-- Stereo: the caller on the left, what the caller hears on the right.
ALTER TABLE recordings ADD COLUMN channels text NOT NULL DEFAULT 'mono' CHECK (channels IN ('mono', 'stereo'));
