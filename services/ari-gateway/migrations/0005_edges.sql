-- What this gateway knows of its edges and of who is reachable through them.
CREATE TABLE edges (
  edge_id      text PRIMARY KEY,
  state        text NOT NULL,
  reason       text,
  version      text,
  changed_at   timestamptz NOT NULL DEFAULT now()
);

-- One row per phone that has a contact; gone with its last contact.
CREATE TABLE registrations (
  sip_user     text NOT NULL,
  edge_id      text NOT NULL,
  contacts     integer NOT NULL,
  user_agent   text,
  changed_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sip_user, edge_id)
);

CREATE TABLE trunk_states (
  trunk        text PRIMARY KEY,
  state        text NOT NULL,
  changed_at   timestamptz NOT NULL DEFAULT now()
);
