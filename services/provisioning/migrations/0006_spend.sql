-- What calls of a tenant may cost, per environment, in millionths of the currency's unit; null is no cap. Revision 0: nobody has set any, the
-- platform's defaults hold. The row is also the lock: whoever decides, reserves or settles a call takes it first, so that what it reads stays so.
CREATE TABLE spend_accounts (
  environment       text NOT NULL,
  tenant            text NOT NULL,
  revision          integer NOT NULL DEFAULT 0 CHECK (revision >= 0),
  currency          text,
  day_micros        bigint CHECK (day_micros >= 0),
  month_micros      bigint CHECK (month_micros >= 0),
  minutes_per_day   integer CHECK (minutes_per_day >= 0),
  calls_per_minute  integer CHECK (calls_per_minute >= 0),
  concurrent_calls  integer CHECK (concurrent_calls >= 0),
  taken             bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (environment, tenant)
);

-- What was spent, by the tenant's own days.
CREATE TABLE spend_days (
  environment      text NOT NULL,
  tenant           text NOT NULL,
  day              date NOT NULL,
  currency         text NOT NULL,
  settled_micros   bigint NOT NULL CHECK (settled_micros >= 0),
  settled_minutes  integer NOT NULL CHECK (settled_minutes >= 0),
  settled_calls    integer NOT NULL CHECK (settled_calls >= 0),
  PRIMARY KEY (environment, tenant, day, currency)
);

-- Money kept for a call from before it is dialled until it is settled. `open` counts until `expires_at`, which is after the longest that the call may
-- last; then it is `lapsed`: nobody ever said what became of it. A late settlement of a lapsed one still counts.
CREATE TABLE spend_reservations (
  reservation_id     text PRIMARY KEY,
  environment        text NOT NULL,
  tenant             text NOT NULL,
  request_key        text NOT NULL,
  call_id            text NOT NULL,
  day                date NOT NULL,
  currency           text NOT NULL,
  per_minute_micros  bigint NOT NULL CHECK (per_minute_micros >= 0),
  reserved_micros    bigint NOT NULL CHECK (reserved_micros >= 0),
  reserved_minutes   integer NOT NULL CHECK (reserved_minutes > 0),
  state              text NOT NULL CHECK (state IN ('open', 'settled', 'lapsed')),
  made_at            timestamptz NOT NULL,
  expires_at         timestamptz NOT NULL,
  settled_micros     bigint CHECK (settled_micros >= 0),
  settled_minutes    integer CHECK (settled_minutes >= 0),
  priced             boolean NOT NULL DEFAULT false,
  UNIQUE (environment, tenant, request_key),
  CHECK ((state = 'settled') = (settled_micros IS NOT NULL AND settled_minutes IS NOT NULL))
);
CREATE INDEX spend_reservations_open ON spend_reservations (environment, tenant) WHERE state = 'open';
CREATE INDEX spend_reservations_latest ON spend_reservations (environment, tenant, made_at);

-- A cap that was reached is told once a day.
CREATE TABLE spend_alarms (
  environment  text NOT NULL,
  tenant       text NOT NULL,
  day          date NOT NULL,
  cap          text NOT NULL,
  PRIMARY KEY (environment, tenant, day, cap)
);

-- Every decision about an outbound leg, with all that it was made from and what it came to: repeatable, and repeated to who asks again.
CREATE TABLE outbound_decisions (
  decision_id  text PRIMARY KEY,
  environment  text NOT NULL,
  tenant       text NOT NULL,
  request_key  text NOT NULL,
  call_id      text NOT NULL,
  at           timestamptz NOT NULL,
  allowed      boolean NOT NULL,
  reason       text NOT NULL,
  decision     jsonb NOT NULL,
  outcome      jsonb NOT NULL,
  UNIQUE (environment, tenant, request_key)
);
CREATE INDEX outbound_decisions_of_call ON outbound_decisions (call_id);

-- What a minute to numbers of a country that begin so costs; the longest prefix counts. By country, since several share a code: +1 is no price for +1 809.
CREATE TABLE rates (
  country            text NOT NULL,
  currency           text NOT NULL,
  prefix             text NOT NULL CHECK (prefix ~ '^\+[1-9][0-9]{0,14}$'),
  per_minute_micros  bigint NOT NULL CHECK (per_minute_micros >= 0),
  read_at            timestamptz NOT NULL,
  PRIMARY KEY (country, currency, prefix)
);
