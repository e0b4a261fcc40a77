-- Why Prisma's table, $1 by its quoted name, is not read and written: a phrase a row. It would be another thing than a table,
-- or run code of a role with fewer privileges than ours. Trusted are the role that runs, the roles that are members of it, and superusers: all of
-- them could do everything that it can do anyway.
WITH RECURSIVE trusted (oid) AS (
  SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolsuper OR r.rolname OPERATOR(pg_catalog.=) CURRENT_USER
  UNION
  SELECT m.member FROM pg_catalog.pg_auth_members AS m JOIN trusted AS t ON m.roleid OPERATOR(pg_catalog.=) t.oid
), lesser AS (
  SELECT r.oid, r.rolname FROM pg_catalog.pg_roles AS r
  WHERE NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid OPERATOR(pg_catalog.=) r.oid)
), history AS (
  SELECT c.oid, c.relkind, l.rolname AS lesser_owner
  FROM pg_catalog.pg_class AS c LEFT JOIN lesser AS l ON l.oid OPERATOR(pg_catalog.=) c.relowner
  WHERE c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)
), part (class, object, label, is_prismas) AS (
  SELECT a.tableoid, a.oid, pg_catalog.format('the default of %I', f.attname),
    f.attgenerated OPERATOR(pg_catalog.=) ''
      AND pg_catalog.pg_get_expr(a.adbin, a.adrelid) OPERATOR(pg_catalog.=) ANY (ARRAY['now()', 'CURRENT_TIMESTAMP', '0'])
  FROM pg_catalog.pg_attrdef AS a JOIN history AS h ON h.oid OPERATOR(pg_catalog.=) a.adrelid
  JOIN pg_catalog.pg_attribute AS f ON f.attrelid OPERATOR(pg_catalog.=) a.adrelid AND f.attnum OPERATOR(pg_catalog.=) a.adnum
  UNION ALL
  SELECT k.tableoid, k.oid, pg_catalog.format('the constraint %I', k.conname), k.contype OPERATOR(pg_catalog.<>) 'c'
  FROM pg_catalog.pg_constraint AS k JOIN history AS h ON h.oid OPERATOR(pg_catalog.=) k.conrelid
  UNION ALL
  SELECT x.tableoid, x.oid, pg_catalog.format('the index %I', x.relname), i.indexprs IS NULL AND i.indpred IS NULL
  FROM pg_catalog.pg_index AS i JOIN history AS h ON h.oid OPERATOR(pg_catalog.=) i.indrelid
  JOIN pg_catalog.pg_class AS x ON x.oid OPERATOR(pg_catalog.=) i.indexrelid
  UNION ALL
  -- Servers before 14 have no expressions in statistics, so the column is not named.
  SELECT s.tableoid, s.oid, pg_catalog.format('the statistics object %I', s.stxname),
    pg_catalog.to_jsonb(s) OPERATOR(pg_catalog.->>) 'stxexprs' IS NULL
  FROM pg_catalog.pg_statistic_ext AS s JOIN history AS h ON h.oid OPERATOR(pg_catalog.=) s.stxrelid
)
SELECT CASE h.relkind WHEN 'v' THEN 'it is a view' WHEN 'm' THEN 'it is a materialized view' WHEN 'f' THEN 'it is a foreign table'
  WHEN 'p' THEN 'it is partitioned' ELSE 'it is no table' END AS fault
FROM history AS h WHERE h.relkind OPERATOR(pg_catalog.<>) 'r'
UNION ALL
SELECT pg_catalog.format('it has the rule %I', w.rulename)
FROM pg_catalog.pg_rewrite AS w JOIN history AS h ON h.oid OPERATOR(pg_catalog.=) w.ev_class
WHERE h.relkind OPERATOR(pg_catalog.=) 'r'
UNION ALL
-- Whoever reads or writes the table does so with the rows of its children, whose indexes and triggers run code as well.
SELECT pg_catalog.format('the table %s inherits from it', i.inhrelid::pg_catalog.regclass)
FROM pg_catalog.pg_inherits AS i JOIN history AS h ON h.oid OPERATOR(pg_catalog.=) i.inhparent
WHERE h.relkind OPERATOR(pg_catalog.=) 'r'
UNION ALL
SELECT 'row-level security hides rows of it' FROM history AS h WHERE pg_catalog.row_security_active(h.oid)
UNION ALL
SELECT pg_catalog.format('its trigger %I calls a function of the role %I', g.tgname, l.rolname)
FROM pg_catalog.pg_trigger AS g JOIN history AS h ON h.oid OPERATOR(pg_catalog.=) g.tgrelid
JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) g.tgfoid
JOIN lesser AS l ON l.oid OPERATOR(pg_catalog.=) p.proowner
WHERE NOT g.tgisinternal AND g.tgenabled OPERATOR(pg_catalog.=) ANY (ARRAY['O', 'A']::pg_catalog."char"[])
UNION ALL
-- PostgreSQL's own functions are not noted as used, and some of them read files: so the whole expression is looked at.
SELECT pg_catalog.format('%s is not Prisma''s, and the table belongs to the role %I', p.label, h.lesser_owner)
FROM part AS p CROSS JOIN history AS h WHERE h.lesser_owner IS NOT NULL AND NOT p.is_prismas
UNION ALL
SELECT pg_catalog.format('%s calls a function of the role %I', p.label, l.rolname)
FROM part AS p JOIN pg_catalog.pg_depend AS d ON d.classid OPERATOR(pg_catalog.=) p.class AND d.objid OPERATOR(pg_catalog.=) p.object
JOIN pg_catalog.pg_proc AS f ON d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
  AND f.oid OPERATOR(pg_catalog.=) d.refobjid
JOIN lesser AS l ON l.oid OPERATOR(pg_catalog.=) f.proowner
UNION ALL
SELECT pg_catalog.format('the type of %I belongs to the role %I', a.attname, l.rolname)
FROM pg_catalog.pg_attribute AS a JOIN history AS h ON h.oid OPERATOR(pg_catalog.=) a.attrelid
JOIN pg_catalog.pg_type AS y ON y.oid OPERATOR(pg_catalog.=) a.atttypid
JOIN lesser AS l ON l.oid OPERATOR(pg_catalog.=) y.typowner
WHERE a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
LIMIT 20
