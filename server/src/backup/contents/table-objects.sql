-- Tables, views and sequences, and what belongs to them, with the definition of each. Parts that PostgreSQL makes by itself for
-- partitions are left out: their names may differ.
WITH relations AS (
  SELECT c.*, r.name FROM (:relations) AS r JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) r.oid
),
columns AS (:columns),
-- `options` are part of the definition of an index that belongs to no constraint.
indexes AS (
  SELECT
    i.*,
    ARRAY(SELECT o FROM pg_catalog.unnest(c.reloptions) AS u (o) ORDER BY o) AS options,
    pg_catalog.concat_ws(
      ' ',
      i.indisreplident,
      i.indisclustered,
      (
        SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attnum, a.attstattarget), ', ' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid OPERATOR(pg_catalog.=) i.indexrelid AND a.attstattarget OPERATOR(pg_catalog.<>) -1
      )
    ) AS details
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid
)
SELECT
  'table' AS kind,
  r.name AS name,
  pg_catalog.concat_ws(
    ' ',
    r.relkind,
    r.relpersistence,
    r.relreplident,
    r.relrowsecurity,
    r.relforcerowsecurity,
    ARRAY(SELECT o FROM pg_catalog.unnest(r.reloptions) AS u (o) ORDER BY o),
    ARRAY(SELECT o FROM pg_catalog.unnest(b.reloptions) AS u (o) ORDER BY o),
    NULLIF(m.amname, 'heap'),
    x.srvname,
    ARRAY(SELECT o FROM pg_catalog.unnest(f.ftoptions) AS u (o) ORDER BY o),
    CASE WHEN r.relkind OPERATOR(pg_catalog.=) 'p' THEN pg_catalog.pg_get_partkeydef(r.oid) END,
    pg_catalog.pg_get_expr(r.relpartbound, r.oid),
    ARRAY(
      SELECT i.inhparent::pg_catalog.regclass::pg_catalog.text
      FROM pg_catalog.pg_inherits AS i
      WHERE i.inhrelid OPERATOR(pg_catalog.=) r.oid
      ORDER BY i.inhseqno
    ),
    k.definition
  ) AS definition
FROM relations AS r
LEFT JOIN columns AS k ON k.attrelid OPERATOR(pg_catalog.=) r.oid
LEFT JOIN pg_catalog.pg_class AS b ON b.oid OPERATOR(pg_catalog.=) r.reltoastrelid
LEFT JOIN pg_catalog.pg_am AS m ON m.oid OPERATOR(pg_catalog.=) r.relam
LEFT JOIN pg_catalog.pg_foreign_table AS f ON f.ftrelid OPERATOR(pg_catalog.=) r.oid
LEFT JOIN pg_catalog.pg_foreign_server AS x ON x.oid OPERATOR(pg_catalog.=) f.ftserver
WHERE r.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT
  CASE r.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
  r.name,
  pg_catalog.concat_ws(' ', r.reloptions, NULLIF(m.amname, 'heap'), pg_catalog.pg_get_viewdef(r.oid), k.definition)
FROM relations AS r
LEFT JOIN columns AS k ON k.attrelid OPERATOR(pg_catalog.=) r.oid
LEFT JOIN pg_catalog.pg_am AS m ON m.oid OPERATOR(pg_catalog.=) r.relam
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
    r.relpersistence,
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
  pg_catalog.concat_ws(' ', k.contype, pg_catalog.pg_get_constraintdef(k.oid), i.details, i.options)
FROM pg_catalog.pg_constraint AS k
JOIN relations AS r ON r.oid OPERATOR(pg_catalog.=) k.conrelid
LEFT JOIN indexes AS i ON i.indexrelid OPERATOR(pg_catalog.=) k.conindid AND k.contype IN ('p', 'u', 'x')
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
  AND (k.contype OPERATOR(pg_catalog.<>) 'f' OR k.conparentid OPERATOR(pg_catalog.=) 0)
UNION ALL
SELECT
  'index',
  pg_catalog.format('%s.%I', t.name, r.relname),
  pg_catalog.concat_ws(' ', pg_catalog.pg_get_indexdef(i.indexrelid), i.details)
FROM indexes AS i
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
LEFT JOIN pg_catalog.pg_trigger AS p ON p.oid OPERATOR(pg_catalog.=) t.tgparentid
-- Of those of a partitioned table, a dump lists only what a partition enables or disables otherwise.
WHERE (NOT t.tgisinternal AND t.tgparentid OPERATOR(pg_catalog.=) 0) OR t.tgenabled OPERATOR(pg_catalog.<>) p.tgenabled
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
