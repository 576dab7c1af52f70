-- A Twilio account that a tenant has of its own, under the platform's. It outlives the tenant's declaration: closing it is for ever, and somebody has to ask for that by name.
-- `asked_at` is written before Twilio is asked to make it: Twilio takes one name as often as it is given, so whoever takes up a run of a process that died has to know to look first.
CREATE TABLE subaccounts (
  environment   text NOT NULL REFERENCES environments (name),
  tenant        text NOT NULL,
  name          text NOT NULL UNIQUE CHECK (length(name) <= 64),
  -- The SIP domain in it; every phone has it, so it never changes.
  domain        text NOT NULL UNIQUE,
  asked_at      timestamptz,
  -- Null until it is known which one it is.
  sid           text UNIQUE CHECK (sid ~ '^AC[0-9a-f]{32}$'),
  key_id        text,
  sealed_token  bytea,
  -- As Twilio told it last.
  status        text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
  -- What its domain said when it was taken over, to go back to; null for one of ours.
  found         json,
  PRIMARY KEY (environment, tenant),
  CHECK ((sid IS NULL) = (sealed_token IS NULL) AND (key_id IS NULL) = (sealed_token IS NULL))
);
-- Whoever answers its calls has to have its token.
CREATE TRIGGER subaccounts_declared AFTER INSERT OR UPDATE OR DELETE ON subaccounts FOR EACH STATEMENT EXECUTE FUNCTION tell_declared();

-- Voice Insights are an option of each account: that of the tenant whose own it is; `_`: the platform's.
ALTER TABLE quality_sources ADD COLUMN account text NOT NULL DEFAULT '_';
ALTER TABLE quality_sources DROP CONSTRAINT quality_sources_pkey, ADD PRIMARY KEY (environment, account);
