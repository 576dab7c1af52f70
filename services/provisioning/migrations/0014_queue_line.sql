-- In which queue the caller waits and since when, and with which person of the tenant they talk: who came first is put through first, whichever replica is asked.
ALTER TABLE rail_calls
  ADD COLUMN queue        text,
  -- Whose queue it is: another tenant's for a call that dialled that one's number.
  ADD COLUMN queue_tenant text,
  ADD COLUMN queued_at    timestamptz,
  ADD COLUMN talks_with   text,
  ADD CHECK ((queue IS NULL) = (queued_at IS NULL) AND (queue IS NULL) = (queue_tenant IS NULL));
CREATE INDEX rail_calls_in_line ON rail_calls (environment) WHERE queue IS NOT NULL OR talks_with IS NOT NULL;
