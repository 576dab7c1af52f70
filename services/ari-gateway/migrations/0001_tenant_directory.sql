-- Local projections of what provisioning declares (events `tenants.*`, seeded by the snapshot command), and the trunks, which are ours.
-- Rows that were removed stay as tombstones with their last revision, so that a late snapshot can't bring them back.

CREATE TABLE tenants (
  tenant      text PRIMARY KEY,
  name        text NOT NULL,
  country     text NOT NULL,
  language    text NOT NULL,
  time_zone   text NOT NULL,
  suspended   boolean NOT NULL DEFAULT false,
  removed     boolean NOT NULL DEFAULT false,
  revision    integer NOT NULL,
  updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE numbers (
  number      text PRIMARY KEY,
  tenant      text NOT NULL,
  route       text NOT NULL,
  removed     boolean NOT NULL DEFAULT false,
  revision    integer NOT NULL,
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX numbers_by_tenant ON numbers (tenant);

CREATE TABLE routes (
  tenant      text NOT NULL,
  code        text NOT NULL,
  route       jsonb NOT NULL,
  removed     boolean NOT NULL DEFAULT false,
  revision    integer NOT NULL,
  updated_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, code)
);

-- ha1 = MD5(user:realm:password), RFC 7616 section 3.4.2, asked of provisioning by command; never the password.
-- An endpoint can register once ha1 is there: `enabled AND NOT removed AND ha1 IS NOT NULL`.
CREATE TABLE endpoints (
  tenant              text NOT NULL,
  extension           text NOT NULL,
  sip_user            text NOT NULL UNIQUE,
  display_name        text NOT NULL,
  role                text NOT NULL,
  queues              text[] NOT NULL DEFAULT '{}',
  enabled             boolean NOT NULL DEFAULT true,
  removed             boolean NOT NULL DEFAULT false,
  revision            integer NOT NULL,
  credential_revision integer NOT NULL,
  ha1                 text,
  realm               text,
  ha1_revision        integer NOT NULL DEFAULT 0,
  updated_at          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, extension)
);

-- Carriers and gateways; declared by PUT /api/trunks/{name}. `match` holds addresses that its calls come from.
CREATE TABLE trunks (
  name        text PRIMARY KEY,
  tenant      text NOT NULL,
  host        text NOT NULL,
  port        integer NOT NULL,
  username    text,
  password    text,
  match       text[] NOT NULL DEFAULT '{}',
  countries   text[] NOT NULL DEFAULT '{}',
  caller_id   text,
  revision    integer NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX trunks_by_tenant ON trunks (tenant);
