-- Phones and softphones. Every change of a tenant's things locks the tenant's row first, so what is read here stays so until commit.
-- `sealed_password` is nonce, AES-256-GCM ciphertext and tag under the key named `key_id`; it opens for this tenant and extension only.
CREATE TABLE endpoints (
  tenant               text NOT NULL REFERENCES tenants (code),
  extension            text NOT NULL CHECK (extension ~ '^[0-9]{1,16}$'),
  display_name         text NOT NULL,
  role                 text NOT NULL,
  queues               text[] NOT NULL DEFAULT '{}',
  enabled              boolean NOT NULL,
  revision             integer NOT NULL CHECK (revision > 0),
  credential_revision  integer NOT NULL CHECK (credential_revision > 0),
  key_id               text NOT NULL,
  sealed_password      bytea NOT NULL,
  created_at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, extension)
);
-- Finds what is still sealed with an old key.
CREATE INDEX endpoints_by_key ON endpoints (key_id);
