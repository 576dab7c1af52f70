-- Where tenants are declared: `dev`, `prod`. The SIP domain never changes: every phone has it.
CREATE TABLE environments (
  name         text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9-]{0,31}$'),
  domain       text NOT NULL UNIQUE,
  -- Its tenants are also those of the Asterisk rail: there is one such environment at most.
  is_primary   boolean NOT NULL,
  -- Made by hand and taken over: what its domain says stays as it was found, until it is cut over; `found` is what to go back to.
  as_found     boolean NOT NULL DEFAULT false,
  found        json,
  settings     json NOT NULL,
  revision     integer NOT NULL CHECK (revision > 0),
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX environments_primary ON environments (is_primary) WHERE is_primary;

-- What a tenant has to be, whole. `json`: the order of keys is kept, since a prompt falls back to the first language given.
CREATE TABLE declarations (
  environment  text NOT NULL REFERENCES environments (name),
  tenant       text NOT NULL,
  state        text NOT NULL CHECK (state IN ('declared', 'leaving')),
  -- Its numbers and list are as they were found at Twilio, until it is cut over.
  as_found     boolean NOT NULL DEFAULT false,
  declaration  json NOT NULL,
  revision     integer NOT NULL CHECK (revision > 0),
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (environment, tenant)
);

-- A phone's user at Twilio. Passwords are written down here before they are sent, because Twilio tells none. `sealed_password` is null for one that was
-- taken over: only its phone knows it. `next_*` is a password that is on its way, `last_*` the one before, to go back to.
CREATE TABLE sip_users (
  environment          text NOT NULL,
  tenant               text NOT NULL,
  extension            text NOT NULL,
  username             text NOT NULL,
  list                 text NOT NULL,
  state                text NOT NULL CHECK (state IN ('wanted', 'provisioned')),
  credential_revision  integer NOT NULL CHECK (credential_revision > 0),
  key_id               text,
  sealed_password      bytea,
  next_key_id          text,
  next_sealed_password bytea,
  last_key_id          text,
  last_sealed_password bytea,
  provisioned_at       timestamptz,
  PRIMARY KEY (environment, tenant, extension),
  UNIQUE (environment, username),
  FOREIGN KEY (environment, tenant) REFERENCES declarations (environment, tenant)
);
CREATE INDEX sip_users_by_list ON sip_users (environment, list);

-- Numbers that tenants want. `wish` is the E.164, or `buy:N` for the N-th that is to be bought by pattern: its number is written down (`pinned`) before it is
-- bought, so that no crash buys twice. `held`: its tenant is gone, and it is kept until somebody releases it.
CREATE TABLE twilio_numbers (
  environment    text NOT NULL REFERENCES environments (name),
  tenant         text NOT NULL,
  wish           text NOT NULL,
  e164           text UNIQUE CHECK (e164 ~ '^\+[1-9][0-9]{6,14}$'),
  state          text NOT NULL CHECK (state IN ('wanted', 'pinned', 'provisioned', 'waiting', 'held')),
  why            text,
  who            text,
  releasable_at  timestamptz,
  -- How its calls were answered when it was taken over, to go back to.
  found          json,
  PRIMARY KEY (environment, tenant, wish)
);

-- One piece of work on an account. `params` are what its kind needs beside the tenants.
CREATE TABLE runs (
  run          text PRIMARY KEY,
  environment  text NOT NULL,
  kind         text NOT NULL,
  tenants      text[] NOT NULL,
  params       json NOT NULL DEFAULT '{}',
  state        text NOT NULL CHECK (state IN ('running', 'whole', 'partial', 'failed')),
  fault        text,
  waiting      json NOT NULL DEFAULT '[]',
  started_at   timestamptz NOT NULL DEFAULT now(),
  ended_at     timestamptz
);
-- Two runs of one environment would plan past each other.
CREATE UNIQUE INDEX runs_under_way ON runs (environment) WHERE state = 'running';
CREATE INDEX runs_by_age ON runs (environment, started_at DESC);

CREATE TABLE run_steps (
  run       text NOT NULL REFERENCES runs (run) ON DELETE CASCADE,
  key       text NOT NULL,
  position  integer NOT NULL,
  tenant    text NOT NULL,
  says      text NOT NULL,
  state     text NOT NULL CHECK (state IN ('planned', 'done', 'failed', 'skipped')),
  fault     text,
  at        timestamptz,
  PRIMARY KEY (run, key)
);

-- What the last look at an environment found different, so that the same drift is told once.
CREATE TABLE drift (
  environment  text PRIMARY KEY REFERENCES environments (name) ON DELETE CASCADE,
  checked_at   timestamptz NOT NULL,
  reads        integer NOT NULL,
  differences  json NOT NULL
);

-- Who answers calls from memory hears of every change at its commit.
CREATE FUNCTION tell_declared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('provisioning_declared', '');
  RETURN NULL;
END $$;
CREATE TRIGGER environments_declared AFTER INSERT OR UPDATE OR DELETE ON environments FOR EACH STATEMENT EXECUTE FUNCTION tell_declared();
CREATE TRIGGER declarations_declared AFTER INSERT OR UPDATE OR DELETE ON declarations FOR EACH STATEMENT EXECUTE FUNCTION tell_declared();
CREATE TRIGGER sip_users_declared AFTER INSERT OR UPDATE OR DELETE ON sip_users FOR EACH STATEMENT EXECUTE FUNCTION tell_declared();
CREATE TRIGGER twilio_numbers_declared AFTER INSERT OR UPDATE OR DELETE ON twilio_numbers FOR EACH STATEMENT EXECUTE FUNCTION tell_declared();
CREATE TRIGGER tenants_declared AFTER UPDATE OR DELETE ON tenants FOR EACH STATEMENT EXECUTE FUNCTION tell_declared();
