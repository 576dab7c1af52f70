-- As whom Twilio's rail calls our edges, by environment; the whole list is asked of provisioning, which has the passwords (HA1 as in `endpoints`). One that is let in
-- no more stays without a digest: if its row vanished, Asterisk would take its absence for a database that is away, and go on with what it knows.
CREATE TABLE edge_trunks (
  environment  text PRIMARY KEY,
  sip_user     text NOT NULL UNIQUE,
  realm        text NOT NULL,
  ha1          text,
  updated_at   timestamptz NOT NULL DEFAULT now()
);

CREATE OR REPLACE VIEW edge.ps_endpoints AS
  SELECT
    e.sip_user                                   AS id,
    e.sip_user                                   AS aors,
    e.sip_user                                   AS auth,
    NULL::text                                   AS outbound_auth,
    'internal'                                   AS context,
    -- The From user, never the address: an address that a trunk is known by must not turn a phone into that trunk.
    'username'                                   AS identify_by,
    'all'                                        AS disallow,
    'ulaw,alaw,g722'                             AS allow,
    -- Quotes and backslashes would end the name early, control characters a header.
    '"' || regexp_replace(e.display_name, '["\\;<>[:cntrl:]]', '', 'g') || '" <' || e.extension || '>' AS callerid,
    -- Asterisk splits a value at semicolons into several of that name.
    'TENANT=' || e.tenant || coalesce(';TRONCAL_QUEUE=' || e.tenant || '_' || f.queue, '') AS set_var,
    coalesce(t.language, 'en')                   AS language,
    e.tenant                                     AS accountcode,
    e.media_encryption                           AS media_encryption,
    NULL::text                                   AS from_user,
    NULL::text                                   AS from_domain,
    'rfc4733'                                    AS dtmf_mode,
    'no'                                         AS direct_media,
    'yes'                                        AS rtp_symmetric,
    'yes'                                        AS force_rport,
    'yes'                                        AS rewrite_contact,
    '15'                                         AS rtp_keepalive,
    '60'                                         AS rtp_timeout,
    '600'                                        AS rtp_timeout_hold,
    'no'                                         AS trust_id_inbound,
    -- A REFER would move a caller about behind the gateway's back; transfers are its command.
    'no'                                         AS allow_transfer,
    'no'                                         AS allow_subscribe
  FROM endpoints e
  LEFT JOIN tenants t ON t.tenant = e.tenant
  LEFT JOIN LATERAL (
    SELECT q.queue FROM endpoints m, unnest(m.queues) AS q(queue)
    WHERE m.tenant = e.tenant AND m.enabled AND NOT m.removed
    GROUP BY q.queue ORDER BY count(*) DESC, q.queue LIMIT 1
  ) f ON true
  UNION ALL
  -- Dial it as PJSIP/<number>@<name>. Trunks and phones share one name space; a phone's name is its own.
  SELECT
    k.name, k.name, NULL, CASE WHEN k.username IS NOT NULL THEN k.name END,
    'from-trunk', 'ip', 'all', 'ulaw,alaw,g722', NULL,
    'TRUNK=' || k.name || CASE WHEN k.tenant <> '_' THEN ';TENANT=' || k.tenant ELSE '' END,
    coalesce(t.language, 'en'), k.tenant, 'no', k.username, CASE WHEN k.username IS NOT NULL THEN k.host END,
    'rfc4733', 'no', 'yes', 'yes', 'no', '15', '60', '600', 'yes', 'no', 'no'
  FROM trunks k
  LEFT JOIN tenants t ON t.tenant = k.tenant
  WHERE NOT EXISTS (SELECT FROM endpoints e WHERE e.sip_user = k.name)
  UNION ALL
  -- Twilio's rail: dialled by nobody, and let in by its password alone.
  SELECT
    r.sip_user, NULL, r.sip_user, NULL,
    'from-rail', 'header', 'all', 'ulaw,alaw', NULL,
    'RAIL=' || r.environment,
    'en', NULL, 'no', NULL, NULL,
    'rfc4733', 'no', 'yes', 'yes', 'yes', '15', '60', '600', 'no', 'no', 'no'
  FROM edge_trunks r;

CREATE OR REPLACE VIEW edge.ps_auths AS
  SELECT
    e.sip_user   AS id,
    'digest'     AS auth_type,
    e.sip_user   AS username,
    NULL::text   AS password,
    -- 22.10 takes HA1 here as <algorithm>:<hex>; md5_cred still works but is deprecated.
    'MD5:' || CASE WHEN e.enabled AND NOT e.removed AND NOT coalesce(t.suspended OR t.removed, false) AND e.ha1 IS NOT NULL
                   THEN e.ha1 ELSE md5(gen_random_uuid()::text) END AS password_digest,
    e.realm      AS realm
  FROM endpoints e
  LEFT JOIN tenants t ON t.tenant = e.tenant
  UNION ALL
  SELECT k.name, 'digest', k.username, k.password, NULL, NULL FROM trunks k
  WHERE k.username IS NOT NULL AND NOT EXISTS (SELECT FROM endpoints e WHERE e.sip_user = k.name)
  UNION ALL
  SELECT r.sip_user, 'digest', r.sip_user, NULL, 'MD5:' || coalesce(r.ha1, md5(gen_random_uuid()::text)), r.realm FROM edge_trunks r;

-- Twilio calls from many addresses, which may be those of a trunk as well: it says in a header as whom it calls, and proves it by its password.
CREATE OR REPLACE VIEW edge.ps_endpoint_id_ips AS
  SELECT k.name AS id, k.name AS endpoint, array_to_string(k.match, ',') AS match, 'no' AS srv_lookups, NULL::text AS match_header
  FROM trunks k WHERE cardinality(k.match) > 0 AND NOT EXISTS (SELECT FROM endpoints e WHERE e.sip_user = k.name)
  UNION ALL
  SELECT r.sip_user, r.sip_user, NULL, 'no', 'X-Troncal-Rail: ' || r.environment FROM edge_trunks r;

-- A live call at an edge that goes on with one of Twilio's rail is found by that one's id.
CREATE INDEX calls_carrying ON calls ((document -> 'carries' ->> 'callId')) WHERE state <> 'ended' AND document ? 'carries';
