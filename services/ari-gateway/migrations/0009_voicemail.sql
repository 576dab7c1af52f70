-- A message that a caller left for a mailbox, beside recordings of whole calls.
ALTER TABLE recordings ADD COLUMN mailbox text;
CREATE INDEX recordings_by_mailbox ON recordings (tenant, mailbox, started_at) WHERE mailbox IS NOT NULL;
