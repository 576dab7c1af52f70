-- Calls of this gateway. `document` is the whole call as the gateway keeps it in memory; a step replaces it only when its version is newer, so
-- that a step stored twice (a lost answer to COMMIT, a journal drained again) counts once.
CREATE TABLE calls (
  call_id     uuid PRIMARY KEY,
  version     integer NOT NULL,
  tenant      text NOT NULL,
  edge_id     text NOT NULL,
  state       text NOT NULL,
  started_at  timestamptz NOT NULL,
  ended_at    timestamptz,
  document    jsonb NOT NULL
);
CREATE INDEX calls_live ON calls (edge_id) WHERE state <> 'ended';
CREATE INDEX calls_by_tenant ON calls (tenant, started_at DESC, call_id);
CREATE INDEX calls_by_time ON calls (started_at DESC, call_id);

-- Own facts and what other services told of the call, in the order in which they became known here.
CREATE TABLE call_timeline (
  event_id    text PRIMARY KEY,
  call_id     uuid NOT NULL,
  tenant      text NOT NULL,
  time        timestamptz NOT NULL,
  type        text NOT NULL,
  source      text NOT NULL,
  data        jsonb NOT NULL,
  position    bigint GENERATED ALWAYS AS IDENTITY
);
CREATE INDEX call_timeline_by_call ON call_timeline (call_id, time, position);
-- A call ends once and begins once, whatever the code does.
CREATE UNIQUE INDEX call_ended_once ON call_timeline (call_id) WHERE type = 'CallEnded.v1';
CREATE UNIQUE INDEX call_started_once ON call_timeline (call_id) WHERE type = 'CallStarted.v1';

-- Every outbound decision with all that it was made from.
CREATE TABLE dial_decisions (
  decision_id text PRIMARY KEY,
  call_id     uuid,
  tenant      text NOT NULL,
  time        timestamptz NOT NULL DEFAULT now(),
  allowed     boolean NOT NULL,
  reason      text NOT NULL,
  decision    jsonb NOT NULL
);
CREATE INDEX dial_decisions_by_tenant ON dial_decisions (tenant, time DESC);
