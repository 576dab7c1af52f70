-- One-time links to device sheets. A link's token is not here, only its SHA-256, and neither is what it hands over: that is written from what holds when it is taken.
CREATE TABLE device_sheets (
  id           text PRIMARY KEY,
  token_hash   bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  environment  text NOT NULL,
  tenant       text NOT NULL,
  kind         text NOT NULL,
  extensions   text[] NOT NULL CHECK (cardinality(extensions) > 0),
  mac          text,
  language     text NOT NULL,
  issued_by    text NOT NULL,
  issued_at    timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  -- Set once, by the statement that looks whether it is set.
  taken_at     timestamptz,
  taken_from   text,
  taken_agent  text
);
CREATE INDEX device_sheets_by_tenant ON device_sheets (tenant, id DESC);
