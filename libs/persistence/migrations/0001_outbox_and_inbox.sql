-- Events stated by this service, waiting for the bus. Written in the transaction of the change they tell of.
CREATE TABLE outbox (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id      text NOT NULL UNIQUE,
  aggregate_key text NOT NULL,
  sequence      bigint NOT NULL,
  subject       text NOT NULL,
  -- The exact bytes that go out; jsonb would reorder the keys.
  envelope      text NOT NULL,
  headers       jsonb NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  attempts      integer NOT NULL DEFAULT 0,
  retry_at      timestamptz NOT NULL DEFAULT '-infinity',
  last_error    text,
  sent_at       timestamptz,
  UNIQUE (aggregate_key, sequence)
);
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
CREATE INDEX outbox_unsent_of_aggregate ON outbox (aggregate_key, id) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

-- How far each aggregate has come. The row's lock, held until commit, makes the order of commits the order of sequences.
CREATE TABLE outbox_sequence (
  aggregate_key text PRIMARY KEY,
  sequence      bigint NOT NULL,
  -- Event type to its latest sequence: lets a consumer of some types know whether it has missed one of them.
  latest        jsonb NOT NULL
);

-- Events that took effect here, per consumer.
CREATE TABLE inbox (
  consumer    text NOT NULL,
  event_id    text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_received ON inbox (received_at);

-- How far each consumer has come within each aggregate.
CREATE TABLE inbox_sequence (
  consumer      text NOT NULL,
  aggregate_key text NOT NULL,
  sequence      bigint NOT NULL,
  PRIMARY KEY (consumer, aggregate_key)
);

-- Deliveries that did not succeed at once. Gone when the event has taken effect or was given up.
CREATE TABLE inbox_attempt (
  consumer    text NOT NULL,
  event_id    text NOT NULL,
  attempts    integer NOT NULL DEFAULT 0,
  early_since timestamptz,
  first_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id)
);

-- Answers to HTTP requests that carried an Idempotency-Key.
CREATE TABLE idempotency_key (
  scope        text NOT NULL,
  key          text NOT NULL,
  request_hash text NOT NULL,
  -- Null while the first request is being worked on; then a second one is refused.
  status       integer,
  body         text,
  locked_until timestamptz NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_key_created ON idempotency_key (created_at);
