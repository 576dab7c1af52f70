-- Customers. `code` is lower-cased: it stands in subjects, SIP users and other services' rows.
CREATE TABLE tenants (
  code              text PRIMARY KEY,
  name              text NOT NULL,
  country           text NOT NULL,
  language          text NOT NULL,
  time_zone         text NOT NULL,
  suspended_reason  text,
  revision          integer NOT NULL CHECK (revision > 0),
  created_at        timestamptz NOT NULL DEFAULT now()
);

-- Where the revisions of a removed thing ended. Other services keep what has the highest revision, so a code, extension, route or
-- number that is used again must go on counting from here. `tenant` is '' for numbers: they wander between tenants.
CREATE TABLE tombstones (
  kind                 text NOT NULL CHECK (kind IN ('tenant', 'endpoint', 'number', 'route')),
  tenant               text NOT NULL,
  key                  text NOT NULL,
  revision             integer NOT NULL,
  credential_revision  integer NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, tenant, key)
);
