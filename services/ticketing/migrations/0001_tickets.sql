-- Tickets. One per call at most: a caller who leaves two queues unserved is still one caller to call back.
CREATE TABLE tickets (
  ticket_id   text PRIMARY KEY,
  tenant      text NOT NULL,
  number      integer NOT NULL CHECK (number > 0),
  reason      text NOT NULL CHECK (reason IN ('missed_call')),
  state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open')),
  title       text NOT NULL,
  call_id     uuid NOT NULL UNIQUE,
  caller      text NOT NULL,
  queue       text NOT NULL,
  outcome     text NOT NULL,
  waited_ms   integer NOT NULL,
  summary     text,
  opened_at   timestamptz NOT NULL,
  UNIQUE (tenant, number)
);
CREATE INDEX tickets_newest_first ON tickets (tenant, ticket_id DESC);

-- The last ticket number of each tenant. The row is locked while a ticket is opened, so numbers have no gaps.
CREATE TABLE ticket_counters (
  tenant  text PRIMARY KEY,
  last    integer NOT NULL
);
