-- Firings of usage triggers that were told, one a trigger and day, month or year (`period`): so often does Twilio fire one, and it may tell each more than once, by the same token.
CREATE TABLE fired_triggers (
  sid          text NOT NULL,
  period       text NOT NULL,
  token        text UNIQUE,
  environment  text NOT NULL,
  trigger      text NOT NULL,
  fired_at     timestamptz NOT NULL,
  PRIMARY KEY (sid, period)
);

-- How bundles and port-in requests that numbers wait for stood at the last look, so that each change is told once. `resumed_at`: when a run was begun for it.
CREATE TABLE paper_states (
  environment  text NOT NULL REFERENCES environments (name) ON DELETE CASCADE,
  paper        text NOT NULL,
  status       text NOT NULL,
  reason       text,
  resumed_at   timestamptz,
  PRIMARY KEY (environment, paper)
);
