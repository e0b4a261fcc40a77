-- What PostgreSQL looks at whenever it plans a query of the tables and that calls a function of a role with fewer privileges: the
-- expressions and conditions of indexes, the expressions of statistics, CHECK constraints, and the keys of partitions. A row for each, with its
-- expressions as PostgreSQL stores them. $1: quoted names of tables; partitions and children are theirs too. Whom we trust says trusted-roles.sql.
WITH RECURSIVE trusted (oid) AS (
:trusted), tree (oid) AS (
  SELECT pg_catalog.to_regclass(asked.name)::pg_catalog.oid FROM pg_catalog.unnest($1::pg_catalog.text[]) AS asked (name)
  WHERE pg_catalog.to_regclass(asked.name) IS NOT NULL
  UNION
  SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits AS i ON i.inhparent OPERATOR(pg_catalog.=) tree.oid
), lesser AS MATERIALIZED (
  SELECT p.oid, pg_catalog.lower(p.proname) AS folded FROM pg_catalog.pg_proc AS p
  WHERE NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid OPERATOR(pg_catalog.=) p.proowner)
), lesser_operator AS MATERIALIZED (
  SELECT o.oid, o.oprname, o.oprcode::pg_catalog.oid AS function FROM pg_catalog.pg_operator AS o
  WHERE o.oprcode::pg_catalog.oid IN (SELECT f.oid FROM lesser AS f)
), part (class, object, relation, label, expressions) AS (
  SELECT c.tableoid, c.oid, i.indrelid, pg_catalog.format('the index %I', c.relname), pg_catalog.concat(i.indexprs, i.indpred)
  FROM pg_catalog.pg_index AS i JOIN tree ON tree.oid OPERATOR(pg_catalog.=) i.indrelid
  JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid
  UNION ALL
  -- Servers before 14 have no expressions in statistics, so the column is not named.
  SELECT s.tableoid, s.oid, s.stxrelid, pg_catalog.format('the statistics object %I', s.stxname),
    coalesce(pg_catalog.to_jsonb(s) OPERATOR(pg_catalog.->>) 'stxexprs', '')
  FROM pg_catalog.pg_statistic_ext AS s JOIN tree ON tree.oid OPERATOR(pg_catalog.=) s.stxrelid
  UNION ALL
  SELECT k.tableoid, k.oid, k.conrelid, pg_catalog.format('the constraint %I', k.conname), coalesce(k.conbin::pg_catalog.text, '')
  FROM pg_catalog.pg_constraint AS k JOIN tree ON tree.oid OPERATOR(pg_catalog.=) k.conrelid
  UNION ALL
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, p.partrelid, p.partrelid, 'the partition key', coalesce(p.partexprs::pg_catalog.text, '')
  FROM pg_catalog.pg_partitioned_table AS p JOIN tree ON tree.oid OPERATOR(pg_catalog.=) p.partrelid
), called AS MATERIALIZED (
  SELECT DISTINCT p.class, p.object, coalesce(o.function, d.refobjid) AS function
  FROM part AS p
  JOIN pg_catalog.pg_depend AS d ON d.classid OPERATOR(pg_catalog.=) p.class AND d.objid OPERATOR(pg_catalog.=) p.object
  LEFT JOIN lesser_operator AS o ON o.oid OPERATOR(pg_catalog.=) d.refobjid
    AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_operator'::pg_catalog.regclass
  WHERE o.oid IS NOT NULL OR (
    d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid IN (SELECT f.oid FROM lesser AS f)
  )
), detail AS MATERIALIZED (
  SELECT p.oid, pg_catalog.json_build_object(
      'oid', p.oid::pg_catalog.text, 'name', pg_catalog.format('%I.%I', n.nspname, p.proname), 'role', r.rolname,
      -- PostgreSQL puts the body of such a function in place of its call, and looks at that in the same way.
      'callsOthers', l.lanname OPERATOR(pg_catalog.=) 'sql' AND (
        EXISTS (
          SELECT FROM lesser AS f WHERE f.oid OPERATOR(pg_catalog.<>) p.oid
            AND (pg_catalog.strpos(s.folded, f.folded) OPERATOR(pg_catalog.>) 0
              OR pg_catalog.strpos(s.body, pg_catalog.concat(':funcid ', f.oid, ' ')) OPERATOR(pg_catalog.>) 0)
        ) OR EXISTS (
          SELECT FROM lesser_operator AS o WHERE pg_catalog.strpos(s.body, o.oprname) OPERATOR(pg_catalog.>) 0
            OR pg_catalog.strpos(s.body, pg_catalog.concat(':opno ', o.oid, ' ')) OPERATOR(pg_catalog.>) 0
        )
      )
    ) AS function
  FROM (SELECT DISTINCT d.function FROM called AS d) AS c
  JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) c.function
  JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
  JOIN pg_catalog.pg_language AS l ON l.oid OPERATOR(pg_catalog.=) p.prolang
  JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) p.proowner
  -- Servers before 14 have no bodies that are parsed, so the column is not named.
  CROSS JOIN LATERAL (SELECT coalesce(pg_catalog.to_jsonb(p) OPERATOR(pg_catalog.->>) 'prosqlbody', p.prosrc)) AS b (body)
  CROSS JOIN LATERAL (SELECT b.body, pg_catalog.lower(b.body) AS folded) AS s
)
SELECT pg_catalog.format('%s of %I.%I', p.label, n.nspname, c.relname) AS object, p.expressions,
  pg_catalog.json_agg(e.function) AS functions
FROM part AS p
JOIN called AS d ON d.class OPERATOR(pg_catalog.=) p.class AND d.object OPERATOR(pg_catalog.=) p.object
JOIN detail AS e ON e.oid OPERATOR(pg_catalog.=) d.function
JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) p.relation
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
GROUP BY 1, 2
ORDER BY 1
LIMIT 100
