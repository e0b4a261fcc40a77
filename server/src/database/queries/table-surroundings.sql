-- What stands around tables and is no part of their structure. $1: their quoted names, as text[].
SELECT t.name AS "table",
  ARRAY(
    SELECT r.rulename::pg_catalog.text FROM pg_catalog.pg_rewrite AS r
    WHERE r.ev_class OPERATOR(pg_catalog.=) c.oid AND r.ev_type OPERATOR(pg_catalog.=) '2' AND r.ev_enabled OPERATOR(pg_catalog.<>) 'D'
    ORDER BY 1
  ) AS update_rules,
  ARRAY(
    SELECT r.rulename::pg_catalog.text FROM pg_catalog.pg_rewrite AS r
    WHERE r.ev_class OPERATOR(pg_catalog.=) c.oid AND r.ev_type OPERATOR(pg_catalog.=) '3' AND r.is_instead AND r.ev_enabled OPERATOR(pg_catalog.<>) 'D'
    ORDER BY 1
  ) AS insert_rules,
  ARRAY(
    SELECT DISTINCT p.pubname::pg_catalog.text FROM pg_catalog.pg_publication_tables AS p
    WHERE EXISTS (
      SELECT FROM pg_catalog.pg_partition_tree(c.oid) AS part
      JOIN pg_catalog.pg_class AS pc ON pc.oid OPERATOR(pg_catalog.=) part.relid
      JOIN pg_catalog.pg_namespace AS pn ON pn.oid OPERATOR(pg_catalog.=) pc.relnamespace
      WHERE pn.nspname OPERATOR(pg_catalog.=) p.schemaname AND pc.relname OPERATOR(pg_catalog.=) p.tablename
    ) OR (n.nspname OPERATOR(pg_catalog.=) p.schemaname AND c.relname OPERATOR(pg_catalog.=) p.tablename)
    ORDER BY 1
  ) AS publications,
  EXISTS (
    SELECT FROM pg_catalog.pg_publication AS p
    WHERE p.pubupdate AND p.pubname IN (
      SELECT pt.pubname FROM pg_catalog.pg_publication_tables AS pt
      WHERE pt.schemaname OPERATOR(pg_catalog.=) n.nspname AND pt.tablename OPERATOR(pg_catalog.=) c.relname
    )
  ) AND (
    c.relreplident OPERATOR(pg_catalog.=) 'n' OR (c.relreplident OPERATOR(pg_catalog.=) 'd' AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid AND i.indisprimary AND i.indisvalid
    )) OR (c.relreplident OPERATOR(pg_catalog.=) 'i' AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid AND i.indisreplident AND i.indisvalid
    ))
  ) AS lacks_identity,
  pg_catalog.to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL AS has_citus
FROM pg_catalog.unnest($1::pg_catalog.text[]) AS t (name)
JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(t.name)
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
