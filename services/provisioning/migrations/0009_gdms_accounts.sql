-- The account at Grandstream's GDMS that the telephones of an environment's tenants are in. `sealed_secrets` holds its Secret Key and what GDMS takes in a password's
-- place (which is as good as the password), sealed like SIP passwords; it opens for this environment only.
CREATE TABLE gdms_accounts (
  environment     text PRIMARY KEY REFERENCES environments (name) ON DELETE CASCADE,
  region          text NOT NULL CHECK (region IN ('us', 'eu')),
  api_id          text NOT NULL,
  username        text NOT NULL,
  organization    integer,
  site            integer,
  key_id          text NOT NULL,
  sealed_secrets  bytea NOT NULL,
  revision        integer NOT NULL CHECK (revision > 0),
  changed_at      timestamptz NOT NULL DEFAULT now()
);
