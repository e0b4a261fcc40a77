-- What a dump writes out besides rows, with a fingerprint of each definition. A restored definition may differ in casts and
-- parentheses (PostgreSQL itself spells `x IN ('a')` of a varchar otherwise the second time), so these do not count.
-- Parts that PostgreSQL makes by itself for partitions are left out: their names may differ.
WITH schemas AS (
  SELECT n.oid, n.nspname, n.nspowner, n.nspacl
  FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname OPERATOR(pg_catalog.<>) 'information_schema' AND n.nspname OPERATOR(pg_catalog.!~) '^pg_'
),
-- What an extension brings, and what PostgreSQL makes for another object.
parts AS (
  SELECT d.classid, d.objid FROM pg_catalog.pg_depend AS d WHERE d.deptype IN ('e', 'i')
),
relations AS (
  SELECT c.*, r.name FROM (:relations) AS r JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) r.oid
),
functions AS (
  SELECT p.*, pg_catalog.format('%I.%I(%s)', s.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) AS name
  FROM pg_catalog.pg_proc AS p
  JOIN schemas AS s ON s.oid OPERATOR(pg_catalog.=) p.pronamespace
  WHERE NOT EXISTS (
    SELECT FROM parts AS m
    WHERE m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND m.objid OPERATOR(pg_catalog.=) p.oid
  )
),
types AS (
  SELECT t.*, pg_catalog.format('%I.%I', s.nspname, t.typname) AS name
  FROM pg_catalog.pg_type AS t
  JOIN schemas AS s ON s.oid OPERATOR(pg_catalog.=) t.typnamespace
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) t.typrelid
  WHERE (t.typtype IN ('e', 'd', 'r') OR c.relkind OPERATOR(pg_catalog.=) 'c')
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
        AND d.objid OPERATOR(pg_catalog.=) t.oid
        AND d.deptype OPERATOR(pg_catalog.=) 'e'
    )
),
columns AS (
  SELECT
    a.attrelid,
    pg_catalog.string_agg(
      pg_catalog.concat_ws(
        ' ',
        a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation OPERATOR(pg_catalog.<>) t.typcollation THEN a.attcollation::pg_catalog.regcollation END,
        a.attnotnull,
        a.attidentity,
        a.attgenerated,
        a.attstorage,
        pg_catalog.to_jsonb(a) OPERATOR(pg_catalog.->>) 'attcompression',
        NULLIF(a.attstattarget, -1),
        ARRAY(SELECT o FROM pg_catalog.unnest(a.attoptions) AS u (o) WHERE o OPERATOR(pg_catalog.~) '^n_distinct' ORDER BY o),
        pg_catalog.pg_get_expr(d.adbin, d.adrelid)
      ),
      ', ' ORDER BY a.attname
    ) AS definition,
    pg_catalog.string_agg(
      a.attname OPERATOR(pg_catalog.||) pg_catalog.array_to_string(
        ARRAY(SELECT e::pg_catalog.text FROM pg_catalog.unnest(a.attacl) AS u (e) ORDER BY 1),
        ' '
      ),
      ', ' ORDER BY a.attname
    ) FILTER (WHERE a.attacl IS NOT NULL) AS grants
  FROM pg_catalog.pg_attribute AS a
  JOIN relations AS r ON r.oid OPERATOR(pg_catalog.=) a.attrelid
  JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef AS d
    ON d.adrelid OPERATOR(pg_catalog.=) a.attrelid AND d.adnum OPERATOR(pg_catalog.=) a.attnum
  WHERE a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
  GROUP BY a.attrelid
),
-- Each with its default privileges where it has none of its own.
owned AS (
  SELECT
    r.name,
    r.oid AS relation,
    r.relowner AS owner,
    r.relacl AS acl,
    (CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END)::pg_catalog."char" AS kind
  FROM relations AS r WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
  UNION ALL SELECT f.name, NULL, f.proowner, f.proacl, 'f' FROM functions AS f
  UNION ALL SELECT t.name, NULL, t.typowner, t.typacl, 'T' FROM types AS t
  UNION ALL SELECT pg_catalog.quote_ident(s.nspname), NULL, s.nspowner, s.nspacl, 'n' FROM schemas AS s
  UNION ALL SELECT 'large object ' OPERATOR(pg_catalog.||) l.oid, NULL, l.lomowner, l.lomacl, 'L' FROM pg_catalog.pg_largeobject_metadata AS l
),
-- Kinds of which only the name is compared.
others AS (
  SELECT o.classid, o.oid
  FROM (
    SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass AS classid, x.oid FROM pg_catalog.pg_operator AS x
    UNION ALL SELECT 'pg_catalog.pg_opclass'::pg_catalog.regclass, x.oid FROM pg_catalog.pg_opclass AS x
    UNION ALL SELECT 'pg_catalog.pg_cast'::pg_catalog.regclass, x.oid FROM pg_catalog.pg_cast AS x
    UNION ALL SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, x.oid FROM pg_catalog.pg_collation AS x
    UNION ALL SELECT 'pg_catalog.pg_conversion'::pg_catalog.regclass, x.oid FROM pg_catalog.pg_conversion AS x
    UNION ALL SELECT 'pg_catalog.pg_language'::pg_catalog.regclass, x.oid FROM pg_catalog.pg_language AS x
    UNION ALL SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, x.oid FROM pg_catalog.pg_foreign_data_wrapper AS x
    UNION ALL SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, x.oid FROM pg_catalog.pg_foreign_server AS x
    UNION ALL SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, x.oid FROM pg_catalog.pg_ts_config AS x
    UNION ALL SELECT 'pg_catalog.pg_ts_dict'::pg_catalog.regclass, x.oid FROM pg_catalog.pg_ts_dict AS x
  ) AS o
  WHERE o.oid OPERATOR(pg_catalog.>=) 16384
    AND NOT EXISTS (
      SELECT FROM parts AS m WHERE m.classid OPERATOR(pg_catalog.=) o.classid AND m.objid OPERATOR(pg_catalog.=) o.oid
    )
),
objects AS (
  SELECT 'schema' AS kind, pg_catalog.quote_ident(s.nspname) AS name, '' AS definition
  FROM schemas AS s
  WHERE NOT EXISTS (
    SELECT FROM parts AS m
    WHERE m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass AND m.objid OPERATOR(pg_catalog.=) s.oid
  )
  UNION ALL
  SELECT 'extension', pg_catalog.quote_ident(e.extname), e.extnamespace::pg_catalog.regnamespace::pg_catalog.text
  FROM pg_catalog.pg_extension AS e
  WHERE e.extname OPERATOR(pg_catalog.<>) 'plpgsql'
  UNION ALL
  SELECT
    'table',
    r.name,
    pg_catalog.concat_ws(
      ' ',
      r.relkind,
      r.relpersistence,
      r.relreplident,
      r.relrowsecurity,
      r.relforcerowsecurity,
      ARRAY(SELECT o FROM pg_catalog.unnest(r.reloptions) AS u (o) ORDER BY o),
      CASE WHEN r.relkind OPERATOR(pg_catalog.=) 'p' THEN pg_catalog.pg_get_partkeydef(r.oid) END,
      pg_catalog.pg_get_expr(r.relpartbound, r.oid),
      ARRAY(
        SELECT i.inhparent::pg_catalog.regclass::pg_catalog.text
        FROM pg_catalog.pg_inherits AS i
        WHERE i.inhrelid OPERATOR(pg_catalog.=) r.oid
        ORDER BY i.inhseqno
      ),
      k.definition
    )
  FROM relations AS r
  LEFT JOIN columns AS k ON k.attrelid OPERATOR(pg_catalog.=) r.oid
  WHERE r.relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT
    CASE r.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
    r.name,
    pg_catalog.concat_ws(' ', r.reloptions, pg_catalog.pg_get_viewdef(r.oid))
  FROM relations AS r
  WHERE r.relkind IN ('v', 'm')
  UNION ALL
  SELECT 'materialized view data', r.name, ''
  FROM relations AS r
  WHERE r.relkind OPERATOR(pg_catalog.=) 'm' AND r.relispopulated
  UNION ALL
  SELECT
    'sequence',
    r.name,
    pg_catalog.concat_ws(
      ' ',
      q.seqtypid::pg_catalog.regtype,
      q.seqstart,
      q.seqincrement,
      q.seqmax,
      q.seqmin,
      q.seqcache,
      q.seqcycle,
      (
        SELECT pg_catalog.concat_ws('.', d.refobjid::pg_catalog.regclass, a.attname)
        FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_attribute AS a
          ON a.attrelid OPERATOR(pg_catalog.=) d.refobjid AND a.attnum OPERATOR(pg_catalog.=) d.refobjsubid
        WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
          AND d.objid OPERATOR(pg_catalog.=) r.oid
          AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
          AND d.deptype IN ('a', 'i')
      )
    )
  FROM relations AS r
  JOIN pg_catalog.pg_sequence AS q ON q.seqrelid OPERATOR(pg_catalog.=) r.oid
  UNION ALL
  SELECT
    'constraint',
    pg_catalog.format('%s.%I', r.name, k.conname),
    pg_catalog.concat_ws(' ', k.contype, pg_catalog.pg_get_constraintdef(k.oid))
  FROM pg_catalog.pg_constraint AS k
  JOIN relations AS r ON r.oid OPERATOR(pg_catalog.=) k.conrelid
  WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
    AND (k.contype OPERATOR(pg_catalog.<>) 'f' OR k.conparentid OPERATOR(pg_catalog.=) 0)
  UNION ALL
  SELECT
    'index',
    pg_catalog.format('%s.%I', t.name, r.relname),
    pg_catalog.concat_ws(' ', pg_catalog.pg_get_indexdef(i.indexrelid), i.indisreplident, i.indisclustered)
  FROM pg_catalog.pg_index AS i
  JOIN relations AS r ON r.oid OPERATOR(pg_catalog.=) i.indexrelid
  JOIN relations AS t ON t.oid OPERATOR(pg_catalog.=) i.indrelid
  -- pg_dump leaves invalid indexes out, such as a broken CREATE INDEX CONCURRENTLY leaves behind.
  WHERE (i.indisvalid OR t.relkind OPERATOR(pg_catalog.=) 'p')
    AND i.indisready
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_constraint AS k
      WHERE k.conindid OPERATOR(pg_catalog.=) i.indexrelid AND k.contype IN ('p', 'u', 'x')
    )
  UNION ALL
  SELECT
    'trigger',
    pg_catalog.format('%s.%I', r.name, t.tgname),
    pg_catalog.concat_ws(' ', t.tgenabled, pg_catalog.pg_get_triggerdef(t.oid))
  FROM pg_catalog.pg_trigger AS t
  JOIN relations AS r ON r.oid OPERATOR(pg_catalog.=) t.tgrelid
  WHERE NOT t.tgisinternal AND t.tgparentid OPERATOR(pg_catalog.=) 0
  UNION ALL
  SELECT
    'function',
    f.name,
    CASE WHEN f.prokind IN ('f', 'p') THEN pg_catalog.pg_get_functiondef(f.oid) ELSE f.prokind::pg_catalog.text END
  FROM functions AS f
  UNION ALL
  SELECT
    'type',
    t.name,
    pg_catalog.concat_ws(
      ' ',
      t.typtype,
      t.typnotnull,
      t.typdefault,
      CASE WHEN t.typbasetype OPERATOR(pg_catalog.<>) 0 THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
      (
        SELECT pg_catalog.string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
        FROM pg_catalog.pg_enum AS e
        WHERE e.enumtypid OPERATOR(pg_catalog.=) t.oid
      ),
      l.definition,
      (
        SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', k.conname, pg_catalog.pg_get_constraintdef(k.oid)), ', ' ORDER BY k.conname)
        FROM pg_catalog.pg_constraint AS k
        WHERE k.contypid OPERATOR(pg_catalog.=) t.oid AND k.contype OPERATOR(pg_catalog.=) 'c'
      )
    )
  FROM types AS t
  LEFT JOIN columns AS l ON l.attrelid OPERATOR(pg_catalog.=) t.typrelid
  UNION ALL
  SELECT
    'policy',
    pg_catalog.format('%s.%I', r.name, p.polname),
    pg_catalog.concat_ws(
      ' ',
      p.polcmd,
      p.polpermissive,
      ARRAY(SELECT pg_catalog.pg_get_userbyid(o)::pg_catalog.text FROM pg_catalog.unnest(p.polroles) AS u (o) ORDER BY 1),
      pg_catalog.pg_get_expr(p.polqual, p.polrelid),
      pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
    )
  FROM pg_catalog.pg_policy AS p
  JOIN relations AS r ON r.oid OPERATOR(pg_catalog.=) p.polrelid
  UNION ALL
  SELECT
    'rule',
    pg_catalog.format('%s.%I', r.name, w.rulename),
    pg_catalog.concat_ws(' ', w.ev_enabled, pg_catalog.pg_get_ruledef(w.oid))
  FROM pg_catalog.pg_rewrite AS w
  JOIN relations AS r ON r.oid OPERATOR(pg_catalog.=) w.ev_class
  WHERE w.rulename OPERATOR(pg_catalog.<>) '_RETURN'
  UNION ALL
  SELECT
    'event trigger',
    pg_catalog.quote_ident(v.evtname),
    pg_catalog.concat_ws(' ', v.evtevent, v.evtenabled, v.evtfoid::pg_catalog.regprocedure, v.evttags)
  FROM pg_catalog.pg_event_trigger AS v
  WHERE NOT EXISTS (
    SELECT FROM parts AS m
    WHERE m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_event_trigger'::pg_catalog.regclass AND m.objid OPERATOR(pg_catalog.=) v.oid
  )
  UNION ALL
  SELECT
    'publication',
    pg_catalog.quote_ident(p.pubname),
    pg_catalog.concat_ws(
      ' ',
      p.puballtables,
      p.pubinsert,
      p.pubupdate,
      p.pubdelete,
      p.pubtruncate,
      p.pubviaroot,
      (
        SELECT pg_catalog.string_agg(
          pg_catalog.concat_ws(
            ' ',
            t.schemaname,
            t.tablename,
            -- Of version 15 and newer; null for a table that has no columns to publish.
            ARRAY(
              SELECT c
              FROM pg_catalog.jsonb_array_elements_text(NULLIF(pg_catalog.to_jsonb(t) OPERATOR(pg_catalog.->) 'attnames', 'null')) AS u (c)
              ORDER BY c
            ),
            pg_catalog.to_jsonb(t) OPERATOR(pg_catalog.->>) 'rowfilter'
          ),
          ', ' ORDER BY t.schemaname, t.tablename
        )
        FROM pg_catalog.pg_publication_tables AS t
        WHERE t.pubname OPERATOR(pg_catalog.=) p.pubname
      )
    )
  FROM pg_catalog.pg_publication AS p
  UNION ALL
  SELECT
    'statistics',
    pg_catalog.format('%I.%I', s.nspname, x.stxname),
    pg_catalog.pg_get_statisticsobjdef(x.oid)
  FROM pg_catalog.pg_statistic_ext AS x
  JOIN schemas AS s ON s.oid OPERATOR(pg_catalog.=) x.stxnamespace
  UNION ALL
  SELECT 'other', pg_catalog.concat_ws(' ', i.type, i.identity), ''
  FROM others AS o
  CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.oid, 0) AS i
  UNION ALL
  SELECT 'comment', pg_catalog.concat_ws(' ', i.type, i.identity), c.description
  FROM pg_catalog.pg_description AS c
  CROSS JOIN LATERAL pg_catalog.pg_identify_object(c.classoid, c.objoid, c.objsubid) AS i
  WHERE (
      c.objoid OPERATOR(pg_catalog.>=) 16384
      OR c.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_largeobject'::pg_catalog.regclass
      OR i.identity OPERATOR(pg_catalog.=) 'public'
    )
    AND c.description OPERATOR(pg_catalog.<>) 'standard public schema'
    AND c.classoid OPERATOR(pg_catalog.<>) 'pg_catalog.pg_subscription'::pg_catalog.regclass
    AND NOT EXISTS (
      SELECT FROM parts AS m
      WHERE m.classid OPERATOR(pg_catalog.=) c.classoid AND m.objid OPERATOR(pg_catalog.=) c.objoid
    )
  UNION ALL
  SELECT
    'privileges',
    o.name,
    pg_catalog.concat_ws(
      ' ',
      pg_catalog.pg_get_userbyid(o.owner),
      ARRAY(
        SELECT pg_catalog.concat_ws(' ', a.grantee::pg_catalog.regrole, a.privilege_type, a.is_grantable)
        FROM pg_catalog.aclexplode(COALESCE(o.acl, pg_catalog.acldefault(o.kind, o.owner))) AS a
        ORDER BY 1
      ),
      k.grants
    )
  FROM owned AS o
  LEFT JOIN columns AS k ON k.attrelid OPERATOR(pg_catalog.=) o.relation
  UNION ALL
  SELECT
    'default privileges',
    pg_catalog.concat_ws(' ', pg_catalog.pg_get_userbyid(d.defaclrole), NULLIF(d.defaclnamespace, 0)::pg_catalog.regnamespace, d.defaclobjtype),
    ARRAY(SELECT e::pg_catalog.text FROM pg_catalog.unnest(d.defaclacl) AS u (e) ORDER BY 1)::pg_catalog.text
  FROM pg_catalog.pg_default_acl AS d
)
SELECT
  o.kind,
  o.name,
  pg_catalog.md5(
    CASE o.kind
      WHEN 'comment' THEN o.definition
      ELSE pg_catalog.regexp_replace(
        o.definition,
        '::[\w."]+( varying| precision| with time zone| without time zone)?(\([\d,]+\))?(\[\])*|[()\s]',
        '',
        'g'
      )
    END
  ) AS fingerprint
FROM objects AS o
ORDER BY o.kind, o.name
