-- What code a write of a table runs first, as one JSON value; $1 is its quoted name. NULL: what event triggers run. Whom we trust says
-- database/queries/trusted-roles.sql. A verification asks for each table, so nothing here reads what belongs to all tables: arrays and
-- OFFSET 0 keep PostgreSQL, which takes a table for one of a thousand partitions, to its indexes.
WITH trusted (oid) AS (
:trusted), tree AS MATERIALIZED (
  SELECT pg_catalog.to_regclass($1)::pg_catalog.oid AS oid
  UNION SELECT relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1))
), fired AS (
  SELECT p.proname FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
  WHERE t.tgrelid = ANY (ARRAY(SELECT oid FROM tree)) AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
), rules AS (
  SELECT pg_catalog.pg_get_ruledef(r.oid) AS definition FROM pg_catalog.pg_rewrite AS r
  WHERE r.ev_class = ANY (ARRAY(SELECT oid FROM tree)) AND r.rulename <> '_RETURN'
), lesser AS (
  SELECT r.oid, r.rolname FROM pg_catalog.pg_roles AS r WHERE NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid = r.oid)
), part (class, object) AS (
  SELECT a.tableoid, a.oid FROM pg_catalog.pg_attrdef AS a WHERE a.adrelid = ANY (ARRAY(SELECT oid FROM tree))
  UNION ALL SELECT k.tableoid, k.oid FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = ANY (ARRAY(SELECT oid FROM tree))
  UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid FROM pg_catalog.pg_index AS i
    WHERE i.indrelid = ANY (ARRAY(SELECT oid FROM tree))
  UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, tree.oid FROM tree
), needed (class, object) AS (
  SELECT d.refclassid, d.refobjid FROM part CROSS JOIN LATERAL (
    SELECT refclassid, refobjid FROM pg_catalog.pg_depend WHERE classid = part.class AND objid = part.object OFFSET 0
  ) AS d
), written_column AS (
  SELECT a.atttypid FROM pg_catalog.pg_attribute AS a
  WHERE a.attrelid = ANY (ARRAY(SELECT oid FROM tree)) AND a.attnum > 0 AND NOT a.attisdropped
), runs_code AS (
  -- Defaults, checks, generated columns and indexes name functions and operators; types that somebody made have functions.
  SELECT EXISTS (SELECT FROM fired) OR EXISTS (SELECT FROM rules)
    OR EXISTS (
      SELECT FROM needed AS d
      WHERE d.class IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass,
        'pg_catalog.pg_opclass'::pg_catalog.regclass, 'pg_catalog.pg_opfamily'::pg_catalog.regclass))
    OR EXISTS (
      SELECT FROM written_column AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem
      WHERE coalesce(e.typtype, t.typtype) <> 'e'
        AND coalesce(e.typnamespace, t.typnamespace) <> 'pg_catalog'::pg_catalog.regnamespace) AS is_so
), part_code AS (
  -- Functions of defaults, checks, generated columns and indexes, also behind their operators and operator classes. Those in C
  -- are an extension's, and a lesser role's only if it owns them.
  SELECT DISTINCT p.proname
  FROM needed AS d
  LEFT JOIN pg_catalog.pg_operator AS o ON d.class = 'pg_catalog.pg_operator'::pg_catalog.regclass AND o.oid = d.object
  LEFT JOIN pg_catalog.pg_opclass AS oc ON d.class = 'pg_catalog.pg_opclass'::pg_catalog.regclass AND oc.oid = d.object
  LEFT JOIN pg_catalog.pg_amproc AS ap ON ap.amprocfamily = oc.opcfamily
  JOIN pg_catalog.pg_proc AS p ON p.oid IN (o.oprcode::pg_catalog.oid, ap.amproc::pg_catalog.oid)
    OR (d.class = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = d.object)
  JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
  WHERE l.lanname NOT IN ('c', 'internal') OR p.proowner IN (SELECT oid FROM lesser)
), lesser_type AS (
  -- A domain's checks run with every value that is written.
  SELECT l.rolname, pg_catalog.format_type(t.oid, NULL) AS name
  FROM written_column AS a JOIN pg_catalog.pg_type AS c ON c.oid = a.atttypid
  JOIN pg_catalog.pg_type AS t ON t.oid IN (c.oid, c.typelem, c.typbasetype)
  JOIN lesser AS l ON l.oid = t.typowner
  WHERE t.typtype <> 'e' AND t.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace
  LIMIT 1
), own AS (
  SELECT (SELECT pg_catalog.json_build_object('name', name, 'owner', rolname) FROM lesser_type) AS lesser_type,
    (SELECT l.rolname FROM pg_catalog.pg_class AS c JOIN lesser AS l ON l.oid = c.relowner
     WHERE c.oid = ANY (ARRAY(SELECT oid FROM tree)) AND (SELECT is_so FROM runs_code) LIMIT 1) AS lesser_owner,
    coalesce((SELECT pg_catalog.json_agg(DISTINCT f.proname) FROM (
      SELECT proname FROM fired
      UNION ALL
      SELECT proname FROM part_code
      UNION ALL
      SELECT p.proname FROM pg_catalog.pg_event_trigger AS e JOIN pg_catalog.pg_proc AS p ON p.oid = e.evtfoid
      WHERE $1::pg_catalog.text IS NULL AND e.evtenabled IN ('O', 'A')
    ) AS f), '[]'::pg_catalog.json) AS functions,
    coalesce((SELECT pg_catalog.json_agg(definition) FROM rules), '[]'::pg_catalog.json) AS rules
)
SELECT pg_catalog.json_build_object(
  'lesserOwner', own.lesser_owner,
  'lesserType', own.lesser_type,
  'functions', own.functions,
  'rules', own.rules
) AS code
FROM own WHERE own.lesser_owner IS NOT NULL OR own.lesser_type IS NOT NULL OR own.functions::pg_catalog.text <> '[]' OR own.rules::pg_catalog.text <> '[]'
