-- What Twilio asked in the middle of calls and was answered rightly and in time, per day of the tenant. `_`: a call of nobody's.
CREATE TABLE voice_answers (
  environment text NOT NULL,
  tenant      text NOT NULL,
  day         date NOT NULL,
  answered    integer NOT NULL DEFAULT 0,
  PRIMARY KEY (environment, tenant, day)
);
CREATE INDEX voice_answers_by_day ON voice_answers (day);

-- What was not. One question has several witnesses (our own clock, the fallback that Twilio takes, its debugger): it counts once, by the first of them.
CREATE TABLE voice_failures (
  environment text NOT NULL,
  -- A digest of the call and the address that was asked.
  question    text NOT NULL,
  tenant      text NOT NULL,
  day         date NOT NULL,
  failed_at   timestamptz NOT NULL,
  witness     text NOT NULL CHECK (witness IN ('excuse', 'late', 'fallback', 'alert')),
  detail      text NOT NULL,
  PRIMARY KEY (environment, question)
);
CREATE INDEX voice_failures_by_tenant ON voice_failures (tenant, day);
CREATE INDEX voice_failures_by_day ON voice_failures (day);

-- Requests of our own to the public address, per hour.
CREATE TABLE voice_probes (
  environment text NOT NULL,
  hour        timestamptz NOT NULL,
  answered    integer NOT NULL DEFAULT 0,
  failed      integer NOT NULL DEFAULT 0,
  PRIMARY KEY (environment, hour)
);

-- Whose turn it is to ask, and up to when Twilio's debugger was read: one replica at a time.
CREATE TABLE voice_watches (
  environment text PRIMARY KEY,
  probed_at   timestamptz,
  alerts_at   timestamptz
);

-- How audio travelled, per day of the tenant and whoever measured it. Sums over legs.
CREATE TABLE kpi_quality (
  tenant      text NOT NULL,
  day         date NOT NULL,
  measured_by text NOT NULL,
  legs        integer NOT NULL DEFAULT 0,
  poor        integer NOT NULL DEFAULT 0,
  packets     bigint NOT NULL DEFAULT 0,
  lost        bigint NOT NULL DEFAULT 0,
  jitter_ms   double precision NOT NULL DEFAULT 0,
  mos         double precision NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, day, measured_by)
);
CREATE INDEX kpi_quality_by_day ON kpi_quality (day);

CREATE TABLE kpi_complaints (
  tenant     text NOT NULL,
  day        date NOT NULL,
  kind       text NOT NULL,
  complaints integer NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, day, kind)
);
CREATE INDEX kpi_complaints_by_day ON kpi_complaints (day);

-- Whether Twilio measures at all: its Voice Insights are an option of the account.
CREATE TABLE quality_sources (
  environment text PRIMARY KEY,
  state       text NOT NULL CHECK (state IN ('measures', 'not_enabled')),
  seen_at     timestamptz NOT NULL
);

-- How often Twilio was asked how a call sounded; null: known, or given up. Calls that are over before this came are left alone.
ALTER TABLE rail_calls ADD COLUMN quality_tries integer DEFAULT 0;
UPDATE rail_calls SET quality_tries = NULL WHERE ended_at IS NOT NULL;
CREATE INDEX rail_calls_unmeasured ON rail_calls (ended_at) WHERE ended_at IS NOT NULL AND quality_tries IS NOT NULL;

-- From when a phone had its settings until it was there: `register` when an edge of ours saw its REGISTER, `sign` when it called or rang on Twilio's rail.
CREATE TABLE registration_waits (
  tenant      text NOT NULL,
  environment text NOT NULL,
  extension   text NOT NULL,
  since       timestamptz NOT NULL,
  taken_by    text NOT NULL CHECK (taken_by IN ('person', 'device')),
  seen_at     timestamptz,
  seen_by     text CHECK (seen_by IN ('register', 'sign')),
  PRIMARY KEY (tenant, environment, extension, since)
);
CREATE INDEX registration_waits_open ON registration_waits (tenant, extension) WHERE seen_at IS NULL;
