-- Functions in SQL and PL/pgSQL that no trigger calls, with what they return; extensions' own are left out. A body that
-- PostgreSQL stored as a tree (BEGIN ATOMIC) is spelled out, which waits for whoever has its tables locked.
SELECT n.nspname AS schema, p.proname AS name, l.lanname AS language,
       p.prosrc OPERATOR(pg_catalog.=) '' AS is_tree,
       CASE WHEN p.prosrc OPERATOR(pg_catalog.=) '' THEN pg_catalog.pg_get_functiondef(p.oid) ELSE p.prosrc END AS source,
       rn.nspname AS rows_schema, r.relname AS rows_name,
       y.typtype OPERATOR(pg_catalog.=) 'c' OR y.oid OPERATOR(pg_catalog.=) 'pg_catalog.record'::pg_catalog.regtype AS returns_row
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_language AS l ON l.oid OPERATOR(pg_catalog.=) p.prolang AND l.lanname IN ('sql', 'plpgsql')
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
JOIN pg_catalog.pg_type AS y ON y.oid OPERATOR(pg_catalog.=) p.prorettype
LEFT JOIN pg_catalog.pg_class AS r ON r.oid OPERATOR(pg_catalog.=) y.typrelid
LEFT JOIN pg_catalog.pg_namespace AS rn ON rn.oid OPERATOR(pg_catalog.=) r.relnamespace
WHERE p.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid AND p.prokind IN ('f', 'p')
  AND p.prorettype NOT IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)
  AND n.nspname OPERATOR(pg_catalog.<>) 'prisma_audit'
  AND pg_catalog.length(p.prosrc) OPERATOR(pg_catalog.<=) 50000
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) p.oid
      AND d.deptype OPERATOR(pg_catalog.=) 'e'
  )
ORDER BY n.nspname, p.proname, p.oid
