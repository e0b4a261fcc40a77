-- What a dump writes out besides rows, with a fingerprint of each definition. A restored definition may differ in casts and
-- parentheses (PostgreSQL itself spells `x IN ('a')` of a varchar otherwise the second time), so these do not count.
-- Parts that PostgreSQL makes by itself for partitions are left out: their names may differ.
WITH schemas AS (
  SELECT n.oid, n.nspname
  FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname OPERATOR(pg_catalog.<>) 'information_schema' AND n.nspname OPERATOR(pg_catalog.!~) '^pg_'
),
members AS (
  SELECT d.classid, d.objid FROM pg_catalog.pg_depend AS d WHERE d.deptype OPERATOR(pg_catalog.=) 'e'
),
relations AS (
  SELECT c.*, pg_catalog.format('%I.%I', s.nspname, c.relname) AS name
  FROM pg_catalog.pg_class AS c
  JOIN schemas AS s ON s.oid OPERATOR(pg_catalog.=) c.relnamespace
  WHERE c.relpersistence OPERATOR(pg_catalog.<>) 't'
    AND NOT EXISTS (
      SELECT FROM members AS m
      WHERE m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass AND m.objid OPERATOR(pg_catalog.=) c.oid
    )
),
objects AS (
  SELECT 'schema' AS kind, pg_catalog.quote_ident(s.nspname) AS name, '' AS definition
  FROM schemas AS s
  WHERE NOT EXISTS (
    SELECT FROM members AS m
    WHERE m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass AND m.objid OPERATOR(pg_catalog.=) s.oid
  )
  UNION ALL
  SELECT
    'table',
    r.name,
    pg_catalog.concat_ws(
      ' ',
      r.relkind,
      r.relrowsecurity,
      r.relforcerowsecurity,
      (
        SELECT pg_catalog.string_agg(
          pg_catalog.concat_ws(
            ' ',
            a.attname,
            pg_catalog.format_type(a.atttypid, a.atttypmod),
            a.attnotnull,
            a.attidentity,
            a.attgenerated,
            pg_catalog.pg_get_expr(d.adbin, d.adrelid)
          ),
          ', ' ORDER BY a.attname
        )
        FROM pg_catalog.pg_attribute AS a
        LEFT JOIN pg_catalog.pg_attrdef AS d
          ON d.adrelid OPERATOR(pg_catalog.=) a.attrelid AND d.adnum OPERATOR(pg_catalog.=) a.attnum
        WHERE a.attrelid OPERATOR(pg_catalog.=) r.oid
          AND a.attnum OPERATOR(pg_catalog.>) 0
          AND NOT a.attisdropped
      )
    )
  FROM relations AS r
  WHERE r.relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT
    CASE r.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
    r.name,
    pg_catalog.pg_get_viewdef(r.oid)
  FROM relations AS r
  WHERE r.relkind IN ('v', 'm')
  UNION ALL
  SELECT
    'sequence',
    r.name,
    pg_catalog.concat_ws(' ', q.seqtypid::pg_catalog.regtype, q.seqstart, q.seqincrement, q.seqmax, q.seqmin, q.seqcache, q.seqcycle)
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
    pg_catalog.pg_get_indexdef(i.indexrelid)
  FROM pg_catalog.pg_index AS i
  JOIN relations AS r ON r.oid OPERATOR(pg_catalog.=) i.indexrelid
  JOIN relations AS t ON t.oid OPERATOR(pg_catalog.=) i.indrelid
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.conindid OPERATOR(pg_catalog.=) i.indexrelid AND k.contype IN ('p', 'u', 'x'))
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
    pg_catalog.format('%I.%I(%s)', s.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
    CASE WHEN p.prokind IN ('f', 'p') THEN pg_catalog.pg_get_functiondef(p.oid) ELSE p.prokind::pg_catalog.text END
  FROM pg_catalog.pg_proc AS p
  JOIN schemas AS s ON s.oid OPERATOR(pg_catalog.=) p.pronamespace
  WHERE NOT EXISTS (
      SELECT FROM members AS m
      WHERE m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND m.objid OPERATOR(pg_catalog.=) p.oid
    )
    -- What a range type or its like makes for itself.
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
        AND d.objid OPERATOR(pg_catalog.=) p.oid
        AND d.deptype OPERATOR(pg_catalog.=) 'i'
    )
  UNION ALL
  SELECT
    'type',
    pg_catalog.format('%I.%I', s.nspname, t.typname),
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
      )
    )
  FROM pg_catalog.pg_type AS t
  JOIN schemas AS s ON s.oid OPERATOR(pg_catalog.=) t.typnamespace
  WHERE t.typtype IN ('e', 'd', 'r')
    AND NOT EXISTS (
      SELECT FROM members AS m
      WHERE m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass AND m.objid OPERATOR(pg_catalog.=) t.oid
    )
  UNION ALL
  SELECT
    'policy',
    pg_catalog.format('%s.%I', r.name, p.polname),
    pg_catalog.concat_ws(
      ' ',
      p.polcmd,
      p.polpermissive,
      pg_catalog.pg_get_expr(p.polqual, p.polrelid),
      pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
    )
  FROM pg_catalog.pg_policy AS p
  JOIN relations AS r ON r.oid OPERATOR(pg_catalog.=) p.polrelid
  UNION ALL
  SELECT
    'rule',
    pg_catalog.format('%s.%I', r.name, w.rulename),
    pg_catalog.pg_get_ruledef(w.oid)
  FROM pg_catalog.pg_rewrite AS w
  JOIN relations AS r ON r.oid OPERATOR(pg_catalog.=) w.ev_class
  WHERE w.rulename OPERATOR(pg_catalog.<>) '_RETURN'
)
SELECT
  o.kind,
  o.name,
  pg_catalog.md5(
    pg_catalog.regexp_replace(
      o.definition,
      '::[\w."]+( varying| precision| with time zone| without time zone)?(\([\d,]+\))?(\[\])*|[()\s]',
      '',
      'g'
    )
  ) AS fingerprint
FROM objects AS o
ORDER BY o.kind, o.name
