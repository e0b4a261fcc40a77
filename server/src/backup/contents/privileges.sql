-- Owners and privileges. Of objects of PostgreSQL and of extensions a dump writes only privileges that were changed: one entry stands
-- for all of them.
WITH owned AS (
  -- `kind` as in acldefault().
  SELECT
    'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid,
    c.oid,
    pg_catalog.format('%I.%I', c.relnamespace::pg_catalog.regnamespace, c.relname) AS name,
    c.relowner AS owner,
    c.relacl AS acl,
    (CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::pg_catalog."char" AS kind,
    c.relnamespace AS namespace
  FROM pg_catalog.pg_class AS c
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relpersistence OPERATOR(pg_catalog.<>) 't'
  UNION ALL
  SELECT
    'pg_catalog.pg_proc'::pg_catalog.regclass,
    p.oid,
    pg_catalog.format('%I.%I(%s)', p.pronamespace::pg_catalog.regnamespace, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
    p.proowner,
    p.proacl,
    'f',
    p.pronamespace
  FROM pg_catalog.pg_proc AS p
  WHERE p.oid OPERATOR(pg_catalog.>=) 16384 OR p.proacl IS NOT NULL
  UNION ALL
  SELECT
    'pg_catalog.pg_type'::pg_catalog.regclass,
    t.oid,
    pg_catalog.format('%I.%I', t.typnamespace::pg_catalog.regnamespace, t.typname),
    t.typowner,
    t.typacl,
    'T',
    t.typnamespace
  FROM pg_catalog.pg_type AS t
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) t.typrelid
  WHERE (t.oid OPERATOR(pg_catalog.>=) 16384 OR t.typacl IS NOT NULL)
    AND (
      t.typtype IN ('e', 'd', 'r')
      OR c.relkind OPERATOR(pg_catalog.=) 'c'
      OR (
        t.typtype OPERATOR(pg_catalog.=) 'b'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS e WHERE e.typarray OPERATOR(pg_catalog.=) t.oid)
      )
    )
  UNION ALL
  SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, n.oid, pg_catalog.quote_ident(n.nspname), n.nspowner, n.nspacl, 'n', n.oid
  FROM pg_catalog.pg_namespace AS n
  UNION ALL
  SELECT 'pg_catalog.pg_language'::pg_catalog.regclass, x.oid, NULL, x.lanowner, x.lanacl, 'l', NULL
  FROM pg_catalog.pg_language AS x
  UNION ALL
  SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, x.oid, NULL, x.fdwowner, x.fdwacl, 'F', NULL
  FROM pg_catalog.pg_foreign_data_wrapper AS x
  UNION ALL
  SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, x.oid, NULL, x.srvowner, x.srvacl, 'S', NULL
  FROM pg_catalog.pg_foreign_server AS x
),
-- Compared with what initdb or the extension set.
judged AS (
  SELECT
    o.*,
    p.initprivs,
    o.oid OPERATOR(pg_catalog.<) 16384 AND o.name IS DISTINCT FROM 'public' AS "isSystem",
    EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid OPERATOR(pg_catalog.=) o.classid AND d.objid OPERATOR(pg_catalog.=) o.oid AND d.deptype OPERATOR(pg_catalog.=) 'e'
    ) AS "isMember"
  FROM owned AS o
  LEFT JOIN pg_catalog.pg_init_privs AS p
    ON p.classoid OPERATOR(pg_catalog.=) o.classid AND p.objoid OPERATOR(pg_catalog.=) o.oid AND p.objsubid OPERATOR(pg_catalog.=) 0
  -- Of the other schemas of PostgreSQL, a dump writes nothing.
  WHERE o.namespace IS NULL OR NOT EXISTS (
    SELECT FROM pg_catalog.pg_namespace AS n
    WHERE n.oid OPERATOR(pg_catalog.=) o.namespace
      AND (n.nspname OPERATOR(pg_catalog.=) 'information_schema' OR n.nspname OPERATOR(pg_catalog.~) '^pg_(?!catalog$)')
  )
),
-- Of columns, in the order of their names.
columns AS (
  SELECT
    a.attrelid,
    pg_catalog.string_agg(
      pg_catalog.concat_ws(' ', a.attname, ARRAY(SELECT e::pg_catalog.text FROM pg_catalog.unnest(a.attacl) AS u (e) ORDER BY 1)),
      ', ' ORDER BY a.attname
    ) AS grants
  FROM pg_catalog.pg_attribute AS a
  WHERE a.attacl IS NOT NULL
    -- Those that initdb set, such as of pg_subscription.
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_init_privs AS p
      WHERE p.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
        AND p.objoid OPERATOR(pg_catalog.=) a.attrelid
        AND p.objsubid OPERATOR(pg_catalog.=) a.attnum
        AND p.initprivs::pg_catalog.text OPERATOR(pg_catalog.=) a.attacl::pg_catalog.text
    )
  GROUP BY a.attrelid
),
-- Kinds that have owners and no privileges.
without_privileges AS (
  SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid AS classid, x.oid, x.oprowner AS owner FROM pg_catalog.pg_operator AS x
  UNION ALL
  SELECT 'pg_catalog.pg_opclass'::pg_catalog.regclass, x.oid, x.opcowner FROM pg_catalog.pg_opclass AS x
  UNION ALL
  SELECT 'pg_catalog.pg_opfamily'::pg_catalog.regclass, x.oid, x.opfowner FROM pg_catalog.pg_opfamily AS x
  UNION ALL
  SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, x.oid, x.collowner FROM pg_catalog.pg_collation AS x
  UNION ALL
  SELECT 'pg_catalog.pg_conversion'::pg_catalog.regclass, x.oid, x.conowner FROM pg_catalog.pg_conversion AS x
  UNION ALL
  SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, x.oid, x.cfgowner FROM pg_catalog.pg_ts_config AS x
  UNION ALL
  SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, x.oid, x.dictowner FROM pg_catalog.pg_ts_dict AS x
  UNION ALL
  SELECT 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass, x.oid, x.stxowner FROM pg_catalog.pg_statistic_ext AS x
  UNION ALL
  SELECT 'pg_catalog.pg_event_trigger'::pg_catalog.regclass, x.oid, x.evtowner FROM pg_catalog.pg_event_trigger AS x
  UNION ALL
  SELECT 'pg_catalog.pg_publication'::pg_catalog.regclass, x.oid, x.pubowner FROM pg_catalog.pg_publication AS x
)
SELECT
  'privileges' AS kind,
  COALESCE(j.name, (SELECT pg_catalog.concat_ws(' ', i.type, i.identity) FROM pg_catalog.pg_identify_object(j.classid, j.oid, 0) AS i)) AS name,
  pg_catalog.concat_ws(
    ' ',
    pg_catalog.pg_get_userbyid(j.owner),
    ARRAY(
      SELECT pg_catalog.concat_ws(' ', a.grantee::pg_catalog.regrole, a.privilege_type, a.is_grantable)
      FROM pg_catalog.aclexplode(COALESCE(j.acl, pg_catalog.acldefault(j.kind, j.owner))) AS a
      ORDER BY 1
    ),
    k.grants
  ) AS definition
FROM judged AS j
LEFT JOIN columns AS k
  ON k.attrelid OPERATOR(pg_catalog.=) j.oid AND j.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
WHERE NOT j."isSystem" AND NOT j."isMember"
UNION ALL
-- A thousand by name; more of them together, because there may be millions.
SELECT
  'privileges',
  CASE WHEN l.count OPERATOR(pg_catalog.<=) 1000 THEN 'large object ' OPERATOR(pg_catalog.||) l.oid ELSE 'large objects' END,
  pg_catalog.string_agg(
    pg_catalog.concat_ws(
      ' ',
      CASE WHEN l.count OPERATOR(pg_catalog.>) 1000 THEN l.oid END,
      pg_catalog.pg_get_userbyid(l.lomowner),
      ARRAY(
        SELECT pg_catalog.concat_ws(' ', a.grantee::pg_catalog.regrole, a.privilege_type, a.is_grantable)
        FROM pg_catalog.aclexplode(COALESCE(l.lomacl, pg_catalog.acldefault('L', l.lomowner))) AS a
        ORDER BY 1
      )
    ),
    E'\n' ORDER BY l.oid
  )
FROM (
  SELECT m.oid, m.lomowner, m.lomacl, pg_catalog.count(*) OVER () AS count
  FROM pg_catalog.pg_largeobject_metadata AS m
) AS l
GROUP BY 2
UNION ALL
SELECT
  'privileges',
  'on objects of PostgreSQL and of extensions',
  pg_catalog.string_agg(pg_catalog.concat_ws(' ', i.type, i.identity, c.acl, c.grants), E'\n' ORDER BY i.type, i.identity)
FROM (
  SELECT
    j.classid,
    j.oid,
    ARRAY(
      SELECT pg_catalog.concat_ws(' ', a.grantee::pg_catalog.regrole, a.privilege_type, a.is_grantable)
      FROM pg_catalog.aclexplode(j.acl) AS a
      ORDER BY 1
    ) AS acl,
    k.grants
  FROM judged AS j
  LEFT JOIN columns AS k
    ON k.attrelid OPERATOR(pg_catalog.=) j.oid AND j.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
  WHERE (j."isSystem" OR j."isMember")
    AND (
      k.grants IS NOT NULL
      OR (
        j.acl IS NOT NULL
        AND ARRAY(SELECT a::pg_catalog.text FROM pg_catalog.unnest(j.acl) AS u (a) ORDER BY 1)
        OPERATOR(pg_catalog.<>)
        ARRAY(SELECT a::pg_catalog.text FROM pg_catalog.unnest(COALESCE(j.initprivs, pg_catalog.acldefault(j.kind, j.owner))) AS u (a) ORDER BY 1)
      )
    )
) AS c
CROSS JOIN LATERAL pg_catalog.pg_identify_object(c.classid, c.oid, 0) AS i
UNION ALL
SELECT 'privileges', pg_catalog.concat_ws(' ', i.type, i.identity), pg_catalog.pg_get_userbyid(o.owner)
FROM without_privileges AS o
CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.oid, 0) AS i
WHERE o.oid OPERATOR(pg_catalog.>=) 16384
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid OPERATOR(pg_catalog.=) o.classid AND d.objid OPERATOR(pg_catalog.=) o.oid AND d.deptype IN ('e', 'i')
  )
UNION ALL
SELECT
  'default privileges',
  pg_catalog.concat_ws(' ', pg_catalog.pg_get_userbyid(d.defaclrole), NULLIF(d.defaclnamespace, 0)::pg_catalog.regnamespace, d.defaclobjtype),
  ARRAY(SELECT e::pg_catalog.text FROM pg_catalog.unnest(d.defaclacl) AS u (e) ORDER BY 1)::pg_catalog.text
FROM pg_catalog.pg_default_acl AS d
