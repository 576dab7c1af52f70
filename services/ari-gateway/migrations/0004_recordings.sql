-- Files lie in Asterisk's spool under their id; a row without an end belongs to a live call, or to one whose gateway died.
CREATE TABLE recordings (
  recording_id text PRIMARY KEY,
  call_id      uuid NOT NULL,
  tenant       text NOT NULL,
  edge_id      text NOT NULL,
  state        text NOT NULL,
  announced    boolean NOT NULL,
  duration_ms  integer,
  bytes        integer,
  started_at   timestamptz NOT NULL,
  ended_at     timestamptz
);
CREATE INDEX recordings_by_call ON recordings (call_id);
CREATE INDEX recordings_open ON recordings (edge_id) WHERE state = 'recording';
