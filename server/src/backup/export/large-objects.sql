-- The statements that set owners, privileges and comments of large objects.
SELECT s.statement
FROM pg_catalog.pg_largeobject_metadata AS m
CROSS JOIN LATERAL (
  SELECT 1 AS place, pg_catalog.format('ALTER LARGE OBJECT %s OWNER TO %I;', m.oid, pg_catalog.pg_get_userbyid(m.lomowner)) AS statement
  UNION ALL
  SELECT 2, pg_catalog.format('REVOKE ALL ON LARGE OBJECT %s FROM %I;', m.oid, pg_catalog.pg_get_userbyid(m.lomowner))
  WHERE m.lomacl IS NOT NULL
  UNION ALL
  SELECT 3, pg_catalog.format(
    'GRANT %s ON LARGE OBJECT %s TO %s%s;',
    a.privilege_type,
    m.oid,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
    CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
  )
  FROM pg_catalog.aclexplode(m.lomacl) AS a
  UNION ALL
  SELECT 4, pg_catalog.format('COMMENT ON LARGE OBJECT %s IS %L;', m.oid, d.description)
  FROM pg_catalog.pg_description AS d
  WHERE d.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_largeobject'::pg_catalog.regclass AND d.objoid OPERATOR(pg_catalog.=) m.oid
) AS s
ORDER BY m.oid, s.place
