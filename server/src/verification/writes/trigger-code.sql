-- What code a write of a table may run, as one JSON value; $1 is its quoted name.
WITH tree AS MATERIALIZED (
  SELECT pg_catalog.to_regclass($1)::pg_catalog.oid AS oid
  UNION SELECT relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1))
), fired AS (
  SELECT c.oid, c.relname, p.proname FROM pg_catalog.pg_trigger AS t
  JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
  WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
), rules AS (
  SELECT r.ev_class, pg_catalog.pg_get_ruledef(r.oid) AS definition FROM pg_catalog.pg_rewrite AS r
  JOIN tree ON tree.oid = r.ev_class WHERE r.rulename <> '_RETURN'
), own AS (
  SELECT coalesce((SELECT pg_catalog.json_agg(DISTINCT proname) FROM fired JOIN tree USING (oid)), '[]'::pg_catalog.json) AS functions,
    coalesce((SELECT pg_catalog.json_agg(definition) FROM rules), '[]'::pg_catalog.json) AS rules
)
SELECT pg_catalog.json_build_object(
  'functions', own.functions,
  'rules', own.rules,
  'known', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', p.proname, 'language', l.lanname, 'source', p.prosrc,
      'extension', (SELECT e.extname FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
        WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')))
    FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind IN ('f', 'p')
  ), '[]'::pg_catalog.json),
  'tables', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', of_table.relname, 'functions', of_table.functions))
    FROM (SELECT relname, pg_catalog.json_agg(proname) AS functions FROM fired GROUP BY relname) AS of_table
  ), '[]'::pg_catalog.json)
) AS code
FROM own WHERE own.functions::pg_catalog.text <> '[]' OR own.rules::pg_catalog.text <> '[]'
