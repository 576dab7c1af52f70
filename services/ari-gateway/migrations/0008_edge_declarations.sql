-- Edges that were declared over HTTP; the one of a gateway's settings is in none of these rows. Passwords are sealed (AES-256-GCM, bound to the edge and
-- to what they are for); the key is in no database.
CREATE TABLE edge_declarations (
  edge_id             text PRIMARY KEY,
  ari_url             text NOT NULL,
  ari_user            text NOT NULL,
  ari_password        bytea NOT NULL,
  ami_host            text NOT NULL,
  ami_port            integer NOT NULL,
  ami_user            text NOT NULL,
  ami_password        bytea NOT NULL,
  key_id              text NOT NULL,
  media               text NOT NULL,
  audiosocket_address text,
  recordings_dir      text,
  revision            integer NOT NULL DEFAULT 1,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now()
);
