-- Systems of tenants that are told of their events. Secrets are sealed like SIP passwords; the one before the last rotation signs too until `old_until`.
CREATE TABLE webhooks (
  id                 text PRIMARY KEY,
  tenant             text NOT NULL,
  url                text NOT NULL,
  types              text[] NOT NULL CHECK (cardinality(types) > 0),
  description        text NOT NULL,
  key_id             text NOT NULL,
  sealed_secret      bytea NOT NULL,
  old_key_id         text,
  old_sealed_secret  bytea,
  old_until          timestamptz,
  disabled_at        timestamptz,
  disabled_reason    text,
  failing_since      timestamptz,
  last_success_at    timestamptz,
  last_failure       text,
  created_at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhooks_by_tenant ON webhooks (tenant);

-- One event for one webhook: the queue, and for a month the memory that a replay sends from. The body stays as it was first written, so every try is of the same bytes.
CREATE TABLE webhook_deliveries (
  webhook       text NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  event_id      text NOT NULL,
  type          text NOT NULL,
  event_time    timestamptz NOT NULL,
  body          text NOT NULL,
  state         text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'held')),
  attempts      integer NOT NULL DEFAULT 0,
  due_at        timestamptz NOT NULL DEFAULT now(),
  -- Whoever sends it holds it until then; a process that dies meanwhile leaves it to the others.
  leased_until  timestamptz,
  last_status   integer,
  last_failure  text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (webhook, event_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook, due_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
