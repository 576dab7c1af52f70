-- What happens to a call. `json`, not `jsonb`: the order of keys is kept, since a prompt falls back to the first language given.
CREATE TABLE routes (
  tenant      text NOT NULL REFERENCES tenants (code),
  code        text NOT NULL,
  extension   text,
  route       json NOT NULL,
  revision    integer NOT NULL CHECK (revision > 0),
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, code),
  UNIQUE (tenant, extension)
);

-- E.164. The primary key is what makes a number belong to one tenant; the foreign key what keeps a route that a number leads to.
CREATE TABLE numbers (
  number      text PRIMARY KEY CHECK (number ~ '^\+[1-9][0-9]{6,14}$'),
  tenant      text NOT NULL REFERENCES tenants (code),
  route       text NOT NULL,
  revision    integer NOT NULL CHECK (revision > 0),
  created_at  timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (tenant, route) REFERENCES routes (tenant, code)
);
CREATE INDEX numbers_by_route ON numbers (tenant, route);
