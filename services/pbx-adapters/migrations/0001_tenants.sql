-- Local projection of provisioning's tenants. A removed one stays with its last revision, so that a late event can't bring it back.
CREATE TABLE tenants (
  tenant      text PRIMARY KEY,
  name        text NOT NULL DEFAULT '',
  country     text NOT NULL DEFAULT '',
  language    text NOT NULL DEFAULT '',
  time_zone   text NOT NULL DEFAULT '',
  removed     boolean NOT NULL DEFAULT false,
  revision    integer NOT NULL,
  updated_at  timestamptz NOT NULL DEFAULT now()
);
