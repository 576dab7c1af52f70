-- Agent profiles. Every change is a new version; a conversation keeps the one it began with.
CREATE TABLE agent_version (
  tenant     text        NOT NULL,
  code       text        NOT NULL,
  version    integer     NOT NULL CHECK (version > 0),
  settings   jsonb       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, code, version)
);

CREATE TABLE conversation (
  id            text        PRIMARY KEY,
  call_id       uuid        NOT NULL,
  tenant        text        NOT NULL,
  agent_tenant  text        NOT NULL,
  agent_code    text        NOT NULL,
  agent_version integer     NOT NULL,
  language      text        NOT NULL,
  format        text        NOT NULL CHECK (format IN ('ulaw', 'alaw')),
  caller        text        NOT NULL,
  called        text        NOT NULL,
  -- prepared: attached, nobody has spoken. active: a media leg has been claimed. ended: for good.
  state         text        NOT NULL DEFAULT 'prepared' CHECK (state IN ('prepared', 'active', 'ended')),
  engine        text        NOT NULL,
  simulated     boolean     NOT NULL DEFAULT false,
  created_at    timestamptz NOT NULL DEFAULT now(),
  started_at    timestamptz,
  ended_at      timestamptz,
  end_reason    text,
  FOREIGN KEY (agent_tenant, agent_code, agent_version) REFERENCES agent_version
);
CREATE INDEX conversation_by_call ON conversation (call_id, created_at DESC);
CREATE INDEX conversation_by_tenant ON conversation (tenant, created_at DESC, id DESC);
-- A call has one conversation at a time.
CREATE UNIQUE INDEX one_open_conversation_per_call ON conversation (call_id) WHERE state <> 'ended';

-- A media leg's right to one socket: whichever replica the socket reaches turns waiting into claimed, once.
CREATE TABLE media_leg (
  leg_id          uuid        PRIMARY KEY,
  conversation_id text        NOT NULL REFERENCES conversation,
  resume          boolean     NOT NULL,
  state           text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'claimed')),
  created_at      timestamptz NOT NULL DEFAULT now(),
  claimed_at      timestamptz
);
CREATE INDEX media_leg_by_conversation ON media_leg (conversation_id);

CREATE TABLE turn (
  conversation_id text        NOT NULL REFERENCES conversation,
  number          integer     NOT NULL CHECK (number > 0),
  role            text        NOT NULL CHECK (role IN ('caller', 'agent')),
  text            text        NOT NULL,
  -- What the caller heard of it, when interrupted.
  heard           text,
  interrupted     boolean     NOT NULL,
  took_ms         integer     NOT NULL,
  latency_ms      integer,
  at              timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, number)
);

CREATE TABLE tool_run (
  id              text        PRIMARY KEY,
  conversation_id text        NOT NULL REFERENCES conversation,
  tool            text        NOT NULL,
  arguments       jsonb       NOT NULL,
  outcome         text,
  detail          text,
  took_ms         integer,
  at              timestamptz NOT NULL
);
CREATE INDEX tool_run_by_conversation ON tool_run (conversation_id);

-- Facts of the journal that have been written: when a commit's outcome is unknown the fact is written again and found here.
CREATE TABLE journalled (
  fact_id         text        PRIMARY KEY,
  conversation_id text        NOT NULL
);
