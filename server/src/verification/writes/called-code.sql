-- The functions of these names that are not PostgreSQL's own, and the functions that the triggers of tables of these names call, as one
-- JSON value. $1: names as they are written, $2: the same in lower case. Whom we trust says database/queries/trusted-roles.sql.
WITH trusted (oid) AS (
:trusted)
SELECT pg_catalog.json_build_object(
  'known', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', p.proname, 'language', l.lanname, 'source', p.prosrc,
      'lesserOwner', (SELECT r.rolname FROM pg_catalog.pg_roles AS r
        WHERE r.oid = p.proowner AND NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid = r.oid)),
      'extension', (SELECT e.extname FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
        WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')))
    FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind IN ('f', 'p')
      AND (p.proname = ANY ($1::pg_catalog.name[]) OR pg_catalog.lower(p.proname) = ANY ($2::pg_catalog.text[]))
  ), '[]'::pg_catalog.json),
  'tables', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', of_table.relname, 'functions', of_table.functions))
    FROM (
      SELECT c.relname, pg_catalog.json_agg(p.proname) AS functions FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
      JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
      WHERE c.relname = ANY ($1::pg_catalog.name[] || $2::pg_catalog.name[])
      GROUP BY c.relname
    ) AS of_table
  ), '[]'::pg_catalog.json)
) AS code
