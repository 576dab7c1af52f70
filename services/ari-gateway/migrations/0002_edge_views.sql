-- What Asterisk reads, in schema `edge`, as the role `asterisk_reader`, which sees nothing else. Columns are named as Asterisk 22 names its settings;
-- asterisk/etc/sorcery.conf and extconfig.conf map them. Both the schema (owned by the role that runs this) and the role are made with the
-- service's own roles, before its migrations: `edgeDatabaseSql` of @troncal/asterisk.
--
-- A removed, disabled or suspended endpoint stays visible with a digest that nothing matches. If its row vanished, Asterisk would take its
-- absence for a database that is away and go on with the copy in its memory.

ALTER TABLE endpoints ADD COLUMN media_encryption text NOT NULL DEFAULT 'no' CHECK (media_encryption IN ('no', 'sdes', 'dtls'));

CREATE VIEW edge.ps_endpoints AS
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
  WHERE NOT EXISTS (SELECT FROM endpoints e WHERE e.sip_user = k.name);

CREATE VIEW edge.ps_auths AS
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
  WHERE k.username IS NOT NULL AND NOT EXISTS (SELECT FROM endpoints e WHERE e.sip_user = k.name);

CREATE VIEW edge.ps_aors AS
  SELECT
    e.sip_user   AS id,
    NULL::text   AS contact,
    -- The device that registered last. With several, PJSIP/<user> rings only one of them (22.10), and after a phone's crash for a while the dead one.
    '1'          AS max_contacts,
    'yes'        AS remove_existing,
    '60'         AS minimum_expiration,
    '300'        AS default_expiration,
    '3600'       AS maximum_expiration,
    '30'         AS qualify_frequency,
    'yes'        AS support_path
  FROM endpoints e
  UNION ALL
  SELECT k.name, 'sip:' || k.host || ':' || k.port, '0', 'no', '60', '300', '3600', '30', 'no' FROM trunks k
  WHERE NOT EXISTS (SELECT FROM endpoints e WHERE e.sip_user = k.name);

CREATE VIEW edge.ps_endpoint_id_ips AS
  SELECT k.name AS id, k.name AS endpoint, array_to_string(k.match, ',') AS match, 'no' AS srv_lookups
  FROM trunks k WHERE cardinality(k.match) > 0 AND NOT EXISTS (SELECT FROM endpoints e WHERE e.sip_user = k.name);

-- Every queue that an endpoint is a member of or a route leads to: a queue without members must exist, so that a call learns that nobody is there.
CREATE VIEW edge.queues AS
  SELECT
    n.tenant || '_' || n.queue               AS name,
    'rrmemory'                               AS strategy,
    '20'                                     AS timeout,
    '2'                                      AS retry,
    '0'                                      AS wrapuptime,
    'default'                                AS musiconhold,
    '0'                                      AS maxlen,
    'no'                                     AS ringinuse,
    -- All busy is a reason to wait; nobody there is none.
    'unavailable,invalid,unknown,paused'     AS joinempty,
    'unavailable,invalid,unknown,paused'     AS leavewhenempty,
    'yes'                                    AS setinterfacevar,
    '0'                                      AS announce_frequency
  FROM (
    SELECT e.tenant, q.queue FROM endpoints e, unnest(e.queues) AS q(queue) WHERE NOT e.removed
    UNION
    SELECT r.tenant, q.queue #>> '{}' FROM routes r, jsonb_path_query(r.route, 'strict $.** ? (@.kind == "queue").queue') AS q(queue) WHERE NOT r.removed
  ) n;

CREATE VIEW edge.queue_members AS
  SELECT
    e.tenant || '_' || q.queue || '/' || e.extension AS uniqueid,
    e.tenant || '_' || q.queue                       AS queue_name,
    'PJSIP/' || e.sip_user                           AS interface,
    regexp_replace(e.display_name, '[",;[:cntrl:]]', '', 'g') AS membername,
    'PJSIP/' || e.sip_user                           AS state_interface,
    '0'                                              AS penalty,
    '0'                                              AS paused,
    -- Asterisk asks for the column; a pause is ours to keep.
    ''::text                                         AS reason_paused
  FROM endpoints e
  CROSS JOIN LATERAL unnest(e.queues) AS q(queue)
  LEFT JOIN tenants t ON t.tenant = e.tenant
  WHERE e.enabled AND NOT e.removed AND NOT coalesce(t.suspended OR t.removed, false);

-- For the dialplan's fallback, when the gateway can't say whose number was dialled. Digits only, as they come from a trunk.
CREATE VIEW edge.numbers AS
  SELECT regexp_replace(n.number, '[^0-9]', '', 'g') AS number, n.tenant, t.language, n.tenant || '_' || f.queue AS queue
  FROM numbers n
  JOIN tenants t ON t.tenant = n.tenant AND NOT t.suspended AND NOT t.removed
  LEFT JOIN LATERAL (
    SELECT q.queue FROM endpoints m, unnest(m.queues) AS q(queue)
    WHERE m.tenant = n.tenant AND m.enabled AND NOT m.removed
    GROUP BY q.queue ORDER BY count(*) DESC, q.queue LIMIT 1
  ) f ON true
  WHERE NOT n.removed;

GRANT SELECT ON ALL TABLES IN SCHEMA edge TO asterisk_reader;
