-- What happened in calls on Twilio's rail, as webhooks told it: each thing once, whatever order it came in.
CREATE TABLE rail_calls (
  call_sid    text PRIMARY KEY,
  call_id     uuid NOT NULL UNIQUE,
  environment text NOT NULL,
  tenant      text NOT NULL,
  -- Keys of the events that were stated, and of facts that came too late to be.
  stated      text[] NOT NULL DEFAULT '{}',
  -- When to look for events to state, though no new fact has come; null: when one does.
  due_at      timestamptz,
  heard_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at    timestamptz,
  -- When Twilio was last asked about it, as nothing was heard of it; or about its price.
  asked_at    timestamptz,
  -- How often its price was asked for; null: known, or given up.
  price_tries integer DEFAULT 0
);
CREATE INDEX rail_calls_due ON rail_calls (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX rail_calls_live ON rail_calls (heard_at) WHERE ended_at IS NULL;
CREATE INDEX rail_calls_unpriced ON rail_calls (ended_at) WHERE ended_at IS NOT NULL AND price_tries IS NOT NULL;

CREATE TABLE rail_facts (
  call_sid text NOT NULL REFERENCES rail_calls (call_sid) ON DELETE CASCADE,
  key      text NOT NULL,
  fact     jsonb NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Looked at since. New facts are found by this, so that storing them waits for nobody who tells of their calls.
  looked   boolean NOT NULL DEFAULT false,
  PRIMARY KEY (call_sid, key)
);
CREATE INDEX rail_facts_new ON rail_facts (call_sid) WHERE NOT looked;

-- What calls on Twilio's rail added up to, per tenant and day (the tenant's own, by its time zone). Written in the transaction that states the call's end.
CREATE TABLE kpi_days (
  tenant      text NOT NULL,
  day         date NOT NULL,
  calls       integer NOT NULL DEFAULT 0,
  answered    integer NOT NULL DEFAULT 0,
  failed      integer NOT NULL DEFAULT 0,
  refused     integer NOT NULL DEFAULT 0,
  sip4xx      integer NOT NULL DEFAULT 0,
  sip5xx      integer NOT NULL DEFAULT 0,
  rung        integer NOT NULL DEFAULT 0,
  ring_ms     bigint NOT NULL DEFAULT 0,
  answered_ms bigint NOT NULL DEFAULT 0,
  minutes     integer NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, day)
);
CREATE INDEX kpi_days_by_day ON kpi_days (day);

CREATE TABLE kpi_costs (
  tenant   text NOT NULL,
  day      date NOT NULL,
  currency text NOT NULL,
  micros   bigint NOT NULL,
  PRIMARY KEY (tenant, day, currency)
);

-- How long it took until a tenant's telephones could be used: the last time it was set up.
CREATE TABLE kpi_setups (
  tenant   text PRIMARY KEY,
  took_ms  bigint NOT NULL,
  ready_at timestamptz NOT NULL
);

-- When a phone was last known to be registered: it rang, or it called. Twilio tells nobody who is registered.
CREATE TABLE endpoint_sightings (
  tenant         text NOT NULL,
  extension      text NOT NULL,
  seen_at        timestamptz,
  -- When it was last dialled in vain, as it was not registered.
  unreachable_at timestamptz,
  PRIMARY KEY (tenant, extension)
);

-- Said once per day.
CREATE TABLE kpi_misses (
  tenant text NOT NULL,
  day    date NOT NULL,
  kpi    text NOT NULL,
  PRIMARY KEY (tenant, day, kpi)
);

CREATE TABLE kpi_reports (
  tenant     text NOT NULL,
  first_day  date NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, first_day)
);
