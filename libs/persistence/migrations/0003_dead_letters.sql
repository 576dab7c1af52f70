-- Events that this service gave up, for people to look at, redrive or discard. Written in the transaction that gives an event up: there
-- is one letter for each event that was given up and none for one that took effect.
CREATE TABLE dead_letter (
  id              text PRIMARY KEY,
  -- Handler and event; for what is no event, handler and place in the stream.
  origin          text NOT NULL UNIQUE,
  handler         text NOT NULL,
  tenant          text NOT NULL,
  event_type      text NOT NULL,
  event_id        text,
  subject         text NOT NULL,
  stream          text NOT NULL,
  stream_sequence bigint NOT NULL,
  published_at    timestamptz NOT NULL,
  -- As they came, for the handler to read again.
  body            bytea NOT NULL,
  headers         jsonb NOT NULL,
  code            text NOT NULL,
  error           text NOT NULL,
  tries           integer NOT NULL,
  state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'redriven', 'discarded')),
  -- What people did with it: [{at, by, act, outcome, …}], the latest last.
  history         jsonb NOT NULL DEFAULT '[]',
  given_up_at     timestamptz NOT NULL DEFAULT now(),
  settled_at      timestamptz
);
CREATE INDEX dead_letter_waiting ON dead_letter (id) WHERE state = 'waiting';
