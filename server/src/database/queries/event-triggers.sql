-- Event triggers that fire at DDL of this session, in the order in which they fire. Whom we trust says trusted-roles.sql.
WITH trusted (oid) AS (
:trusted)
SELECT e.evtname::pg_catalog.text AS name, e.evtevent::pg_catalog.text AS event, e.evttags AS tags,
  pg_catalog.format('%I.%I()', n.nspname, p.proname) AS "functionName",
  pg_catalog.format('%I()', p.proname) AS "bareFunctionName",
  p.prosrc AS source,
  (SELECT o.rolname::pg_catalog.text FROM pg_catalog.pg_roles AS o
   WHERE o.oid OPERATOR(pg_catalog.=) p.proowner
     AND NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid OPERATOR(pg_catalog.=) o.oid)) AS "lesserOwner"
FROM pg_catalog.pg_event_trigger AS e
JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) e.evtfoid
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
WHERE e.evtevent OPERATOR(pg_catalog.<>) 'login'
  AND (e.evtenabled OPERATOR(pg_catalog.=) 'A' OR e.evtenabled OPERATOR(pg_catalog.=)
    CASE pg_catalog.current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END::pg_catalog."char")
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_event_trigger'::pg_catalog.regclass
      AND d.objid OPERATOR(pg_catalog.=) e.oid AND d.deptype OPERATOR(pg_catalog.=) 'e')
ORDER BY e.evtname
