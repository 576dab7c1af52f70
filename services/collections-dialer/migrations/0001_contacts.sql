-- The contact ledger: one row per call of either rail. Its events come by separate durable consumers and so in any order; each one fills
-- in what it knows, and a row counts as a contact once it has a direction and a start.
CREATE TABLE contacts (
  call_id      uuid PRIMARY KEY,
  tenant       text NOT NULL,
  party        text,
  direction    text CHECK (direction IN ('inbound', 'outbound', 'internal')),
  disposition  text,
  started_at   timestamptz,
  answered_at  timestamptz,
  ended_at     timestamptz,
  duration_ms  integer,
  answered_ms  integer
);
CREATE INDEX contacts_newest_first ON contacts (tenant, started_at DESC, call_id DESC);
CREATE INDEX contacts_by_party ON contacts (tenant, party, started_at DESC, call_id DESC);
