-- Who could have written our own schemas besides those whom database/queries/trusted-roles.sql has, by a right over all tables; and what
-- of that which the journal's steps name would give such a role more than that right: his own objects, whose code would run
-- with our rights, and tables that he may not read. A row for each, as a phrase. None where there is no such role.
-- $1: names among the steps' parameters; $2: names in their SQL; $3: of these, functions; $4: JSON, the relations that the SQL
-- reads, with what a column of a table is filled with where it is a column of theirs alone; $5: schemas where it is looked up.
WITH RECURSIVE trusted (oid) AS (
:trusted), member_of_all (oid) AS (
  SELECT m.member FROM pg_catalog.pg_auth_members AS m JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) m.roleid
  WHERE r.rolname OPERATOR(pg_catalog.=) 'pg_write_all_data'
  UNION
  SELECT m.member FROM pg_catalog.pg_auth_members AS m JOIN member_of_all AS w ON m.roleid OPERATOR(pg_catalog.=) w.oid
), writer AS (
  SELECT r.oid, r.rolname FROM pg_catalog.pg_roles AS r JOIN member_of_all AS w ON w.oid OPERATOR(pg_catalog.=) r.oid
  WHERE NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid OPERATOR(pg_catalog.=) r.oid)
), controlled (oid, writer) AS (
  SELECT w.oid, w.rolname FROM writer AS w
  UNION
  SELECT m.roleid, c.writer FROM pg_catalog.pg_auth_members AS m JOIN controlled AS c ON m.member OPERATOR(pg_catalog.=) c.oid
), object (kind, schema, name, owner) AS (
  SELECT 'table', c.relnamespace, c.relname, c.relowner FROM pg_catalog.pg_class AS c
  UNION ALL
  SELECT 'type', y.typnamespace, y.typname, y.typowner FROM pg_catalog.pg_type AS y
  UNION ALL
  SELECT 'function', p.pronamespace, p.proname, p.proowner FROM pg_catalog.pg_proc AS p
  UNION ALL
  SELECT 'operator', o.oprnamespace, o.oprname, o.oprowner FROM pg_catalog.pg_operator AS o
), named AS (
  SELECT o.kind, n.nspname, o.name, o.owner,
    n.nspname OPERATOR(pg_catalog.=) ANY ($2::pg_catalog.text[] OPERATOR(pg_catalog.||) $5::pg_catalog.text[])
      AND o.name OPERATOR(pg_catalog.=) ANY ($2::pg_catalog.text[]) AS is_in_text
  FROM object AS o JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) o.schema
  WHERE n.nspname OPERATOR(pg_catalog.=) ANY (
      $1::pg_catalog.text[] OPERATOR(pg_catalog.||) $2::pg_catalog.text[] OPERATOR(pg_catalog.||) $5::pg_catalog.text[])
    AND o.name OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[] OPERATOR(pg_catalog.||) $2::pg_catalog.text[])
)
SELECT pg_catalog.format('the %s %I.%I belongs to %s', d.kind, d.nspname, d.name, r.rolname) AS problem, c.writer::pg_catalog.text
FROM named AS d JOIN controlled AS c ON c.oid OPERATOR(pg_catalog.=) d.owner
JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) d.owner
UNION
SELECT pg_catalog.format('the trigger %I of %I.%I calls a function of %s', g.tgname, n.nspname, t.relname, r.rolname), c.writer
FROM pg_catalog.pg_trigger AS g
JOIN pg_catalog.pg_class AS t ON t.oid OPERATOR(pg_catalog.=) g.tgrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace
JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) g.tgfoid
JOIN controlled AS c ON c.oid OPERATOR(pg_catalog.=) p.proowner
JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) p.proowner
WHERE n.nspname OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[]) AND t.relname OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[])
UNION
-- Functions of extensions run SQL that they are given, whoever owns them.
SELECT pg_catalog.format('the function %I.%I is called', d.nspname, d.name), w.rolname
FROM named AS d CROSS JOIN writer AS w
WHERE d.kind OPERATOR(pg_catalog.=) 'function' AND d.is_in_text AND d.name OPERATOR(pg_catalog.=) ANY ($3::pg_catalog.text[])
  AND d.nspname OPERATOR(pg_catalog.<>) 'pg_catalog'
UNION
SELECT pg_catalog.format('%I.%I is read, which it may not read itself', n.nspname, t.relname), w.rolname
FROM pg_catalog.jsonb_to_recordset($4::pg_catalog.jsonb) AS q (
  schema pg_catalog.text, name pg_catalog.text, key pg_catalog.text,
  "ofSchema" pg_catalog.text, "ofTable" pg_catalog.text, "ofColumn" pg_catalog.text
)
JOIN pg_catalog.pg_namespace AS n ON n.nspname OPERATOR(pg_catalog.=) q.schema
JOIN pg_catalog.pg_class AS t ON t.relnamespace OPERATOR(pg_catalog.=) n.oid AND t.relname OPERATOR(pg_catalog.=) q.name
CROSS JOIN writer AS w
WHERE NOT pg_catalog.has_table_privilege(w.oid, t.oid, 'SELECT')
  -- The key of a user, in a column that refers to it, is no secret.
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS f ON f.oid OPERATOR(pg_catalog.=) k.conrelid
    JOIN pg_catalog.pg_namespace AS s ON s.oid OPERATOR(pg_catalog.=) f.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) f.oid AND a.attnum OPERATOR(pg_catalog.=) k.conkey[1]
    JOIN pg_catalog.pg_attribute AS b ON b.attrelid OPERATOR(pg_catalog.=) t.oid AND b.attnum OPERATOR(pg_catalog.=) k.confkey[1]
    WHERE k.contype OPERATOR(pg_catalog.=) 'f' AND k.confrelid OPERATOR(pg_catalog.=) t.oid
      AND s.nspname OPERATOR(pg_catalog.=) q."ofSchema" AND f.relname OPERATOR(pg_catalog.=) q."ofTable"
      AND a.attname OPERATOR(pg_catalog.=) q."ofColumn" AND b.attname OPERATOR(pg_catalog.=) q.key
      AND pg_catalog.array_length(k.conkey, 1) OPERATOR(pg_catalog.=) 1
  )
LIMIT 100
