-- A leg that ends by itself (digits set): the keys that end it, and how it ended, for whoever goes on with the call. Said once; a leg that was claimed and
-- whose end nobody has said was lost with its process.
ALTER TABLE media_leg
  ADD COLUMN digits          text[],
  ADD COLUMN outcome         text CHECK (outcome IN ('digit', 'handoff', 'failed', 'caller_gone', 'ended')),
  ADD COLUMN outcome_digit   text,
  ADD COLUMN outcome_summary text,
  ADD COLUMN outcome_reason  text,
  ADD COLUMN ended_at        timestamptz;
