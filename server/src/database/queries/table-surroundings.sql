-- What stands around tables and is no part of their structure. $1: their quoted names, as text[]. Whom we trust says trusted-roles.sql.
WITH trusted (oid) AS (
:trusted), lesser AS (
  SELECT r.oid, r.rolname FROM pg_catalog.pg_roles AS r WHERE NOT EXISTS (SELECT FROM trusted WHERE trusted.oid OPERATOR(pg_catalog.=) r.oid)
)
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
  -- A list of columns never has a new one. Servers before 15 have no such lists, so the column is not named.
  ARRAY(
    SELECT p.pubname::pg_catalog.text FROM pg_catalog.pg_publication_rel AS r
    JOIN pg_catalog.pg_publication AS p ON p.oid OPERATOR(pg_catalog.=) r.prpubid
    WHERE r.prrelid OPERATOR(pg_catalog.=) c.oid AND pg_catalog.to_jsonb(r) OPERATOR(pg_catalog.->>) 'prattrs' IS NOT NULL
  ) AS publications_of_columns,
  -- From 18 on, both sides of a foreign key have the same one of these, or neither has one.
  coalesce((
    SELECT pg_catalog.jsonb_object_agg(a.attname, pg_catalog.format('%I.%I', cn.nspname, co.collname))
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_collation AS co ON co.oid OPERATOR(pg_catalog.=) a.attcollation
    JOIN pg_catalog.pg_namespace AS cn ON cn.oid OPERATOR(pg_catalog.=) co.collnamespace
    WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND NOT a.attisdropped AND NOT co.collisdeterministic
      AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 180000
  ), '{}') AS collations,
  -- A partition may be published through its table.
  c.relkind OPERATOR(pg_catalog.=) 'r' AND EXISTS (
    SELECT FROM pg_catalog.pg_publication AS p
    JOIN pg_catalog.pg_publication_tables AS pt ON pt.pubname OPERATOR(pg_catalog.=) p.pubname
    JOIN pg_catalog.pg_namespace AS pn ON pn.nspname OPERATOR(pg_catalog.=) pt.schemaname
    JOIN pg_catalog.pg_class AS pc ON pc.relname OPERATOR(pg_catalog.=) pt.tablename AND pc.relnamespace OPERATOR(pg_catalog.=) pn.oid
    WHERE p.pubupdate AND (
      pc.oid OPERATOR(pg_catalog.=) c.oid OR pc.oid IN (SELECT a.relid FROM pg_catalog.pg_partition_ancestors(c.oid) AS a)
    )
  ) AND (
    c.relreplident OPERATOR(pg_catalog.=) 'n' OR (c.relreplident OPERATOR(pg_catalog.=) 'd' AND NOT k.has_key)
    OR (c.relreplident OPERATOR(pg_catalog.=) 'i' AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid AND i.indisreplident AND i.indisvalid
    ))
  ) AS lacks_identity,
  k.has_key,
  -- Columns of its primary key whose values PostgreSQL cannot compare: there is no
  -- operator of their type alone (an enum, a range), and an implicit cast leads to a type that has one.
  coalesce((
    SELECT pg_catalog.jsonb_object_agg(a.attname, pg_catalog.format('%s to %s', pg_catalog.format_type(a.atttypid, NULL), q.target))
    FROM pg_catalog.pg_attribute AS a
    CROSS JOIN LATERAL (
      SELECT pg_catalog.min(pg_catalog.format_type(k.casttarget, NULL)) AS target FROM pg_catalog.pg_cast AS k
      WHERE k.castsource OPERATOR(pg_catalog.=) a.atttypid AND k.castcontext OPERATOR(pg_catalog.=) 'i' AND EXISTS (
        SELECT FROM pg_catalog.pg_operator AS o
        WHERE o.oprname OPERATOR(pg_catalog.=) '=' AND o.oprleft OPERATOR(pg_catalog.=) k.casttarget AND o.oprright OPERATOR(pg_catalog.=) k.casttarget
          AND o.oprnamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace
      )
    ) AS q
    WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
      AND q.target IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_operator AS o
        WHERE o.oprname OPERATOR(pg_catalog.=) '=' AND o.oprleft OPERATOR(pg_catalog.=) a.atttypid AND o.oprright OPERATOR(pg_catalog.=) a.atttypid
          AND o.oprnamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace
      )
      AND EXISTS (
        SELECT FROM pg_catalog.pg_index AS i
        WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid AND i.indisprimary AND a.attnum OPERATOR(pg_catalog.=) ANY (i.indkey::pg_catalog.int2[])
      )
  ), '{}') AS not_comparable,
  -- Columns that hold whole rows of it, by themselves, in an array, a domain or another type: as PostgreSQL looks for them.
  coalesce((
    WITH RECURSIVE holders (type_oid, relation, position) AS (
      SELECT c.reltype, NULL::pg_catalog.oid, NULL::pg_catalog.int4
      UNION
      SELECT CASE WHEN u.oid IS NULL THEN d.objid ELSE u.reltype END, CASE WHEN u.relkind OPERATOR(pg_catalog.<>) 'c' THEN u.oid END, d.objsubid
      FROM holders AS h
      JOIN pg_catalog.pg_depend AS d ON d.refobjid OPERATOR(pg_catalog.=) h.type_oid
        AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
      LEFT JOIN pg_catalog.pg_class AS u ON u.oid OPERATOR(pg_catalog.=) d.objid
        AND d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
      WHERE h.relation IS NULL AND (
        d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
        OR (d.objsubid OPERATOR(pg_catalog.>) 0 AND u.relkind IN ('r', 'm', 'p', 'c'))
      )
    )
    SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('schema', an.nspname, 'table', ac.relname, 'column', a.attname))
    FROM holders AS h
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) h.relation AND a.attnum OPERATOR(pg_catalog.=) h.position
    JOIN pg_catalog.pg_class AS ac ON ac.oid OPERATOR(pg_catalog.=) h.relation
    JOIN pg_catalog.pg_namespace AS an ON an.oid OPERATOR(pg_catalog.=) ac.relnamespace
  ), '[]') AS columns_of_rows,
  -- By role, what it may do with single columns and not with the whole table: a new column is not among them.
  coalesce((
    SELECT pg_catalog.jsonb_object_agg(g.role, g.privileges) FROM (
      SELECT r.role, pg_catalog.array_agg(DISTINCT acl.privilege_type ORDER BY acl.privilege_type) AS privileges
      FROM pg_catalog.pg_attribute AS a
      CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) AS acl
      CROSS JOIN LATERAL (
        SELECT CASE WHEN acl.grantee OPERATOR(pg_catalog.=) 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(acl.grantee) END
      ) AS r (role)
      WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND NOT a.attisdropped AND acl.privilege_type IN ('SELECT', 'INSERT', 'UPDATE')
        AND NOT pg_catalog.has_table_privilege(r.role, c.oid, acl.privilege_type)
      GROUP BY r.role
    ) AS g
  ), '{}') AS column_privileges,
  c.relpersistence OPERATOR(pg_catalog.=) 'u' AS is_unlogged,
  -- With those that were dropped, which count for the limit; a partition may have had more of them than its table.
  (
    SELECT pg_catalog.max(w.relnatts)::pg_catalog.int4 FROM pg_catalog.pg_class AS w
    WHERE w.oid OPERATOR(pg_catalog.=) c.oid OR w.oid IN (SELECT part.relid FROM pg_catalog.pg_partition_tree(c.oid) AS part)
  ) AS columns_ever,
  -- What a write of it runs of roles with fewer privileges, by its triggers and by its types, unless all of it is such a role's.
  ARRAY(
    SELECT pg_catalog.format('the trigger %I calls %I.%I() of the role %I', g.tgname, pn.nspname, p.proname, l.rolname)
    FROM (SELECT c.oid UNION SELECT part.relid FROM pg_catalog.pg_partition_tree(c.oid) AS part) AS tree
    JOIN pg_catalog.pg_trigger AS g ON g.tgrelid OPERATOR(pg_catalog.=) tree.oid
    JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) g.tgfoid
    JOIN pg_catalog.pg_namespace AS pn ON pn.oid OPERATOR(pg_catalog.=) p.pronamespace
    JOIN lesser AS l ON l.oid OPERATOR(pg_catalog.=) p.proowner
    WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A')
    UNION
    -- Of its constraints, defaults, generated columns and indexes, also behind their operators and operator classes.
    SELECT pg_catalog.format('%s calls %I.%I() of the role %I', w.label, pn.nspname, p.proname, l.rolname)
    FROM (SELECT c.oid UNION SELECT part.relid FROM pg_catalog.pg_partition_tree(c.oid) AS part) AS tree
    CROSS JOIN LATERAL (
      SELECT k.tableoid AS class, k.oid AS object, pg_catalog.format('the constraint %I', k.conname) AS label
      FROM pg_catalog.pg_constraint AS k WHERE k.conrelid OPERATOR(pg_catalog.=) tree.oid
      UNION ALL
      SELECT f.tableoid, f.oid, pg_catalog.format('the default of %I', fa.attname) FROM pg_catalog.pg_attrdef AS f
      JOIN pg_catalog.pg_attribute AS fa ON fa.attrelid OPERATOR(pg_catalog.=) f.adrelid AND fa.attnum OPERATOR(pg_catalog.=) f.adnum
      WHERE f.adrelid OPERATOR(pg_catalog.=) tree.oid
      UNION ALL
      SELECT ic.tableoid, ic.oid, pg_catalog.format('the index %I', ic.relname) FROM pg_catalog.pg_index AS i
      JOIN pg_catalog.pg_class AS ic ON ic.oid OPERATOR(pg_catalog.=) i.indexrelid
      WHERE i.indrelid OPERATOR(pg_catalog.=) tree.oid
    ) AS w
    JOIN pg_catalog.pg_depend AS d ON d.classid OPERATOR(pg_catalog.=) w.class AND d.objid OPERATOR(pg_catalog.=) w.object
    LEFT JOIN pg_catalog.pg_operator AS o ON o.oid OPERATOR(pg_catalog.=) d.refobjid
      AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_operator'::pg_catalog.regclass
    LEFT JOIN pg_catalog.pg_opclass AS oc ON oc.oid OPERATOR(pg_catalog.=) d.refobjid
      AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_opclass'::pg_catalog.regclass
    LEFT JOIN pg_catalog.pg_amproc AS ap ON ap.amprocfamily OPERATOR(pg_catalog.=) oc.opcfamily
    JOIN pg_catalog.pg_proc AS p ON p.oid IN (o.oprcode::pg_catalog.oid, ap.amproc::pg_catalog.oid)
      OR (d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid OPERATOR(pg_catalog.=) d.refobjid)
    JOIN pg_catalog.pg_namespace AS pn ON pn.oid OPERATOR(pg_catalog.=) p.pronamespace
    JOIN lesser AS l ON l.oid OPERATOR(pg_catalog.=) p.proowner
    UNION
    SELECT pg_catalog.format('%I has the type %s of the role %I', a.attname, pg_catalog.format_type(y.oid, NULL), l.rolname)
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_type AS ay ON ay.oid OPERATOR(pg_catalog.=) a.atttypid
    JOIN pg_catalog.pg_type AS y ON y.oid IN (ay.oid, ay.typelem, ay.typbasetype)
    JOIN lesser AS l ON l.oid OPERATOR(pg_catalog.=) y.typowner
    WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
      AND y.typtype OPERATOR(pg_catalog.<>) 'e' AND y.typcategory OPERATOR(pg_catalog.<>) 'A'
      AND y.typnamespace OPERATOR(pg_catalog.<>) 'pg_catalog'::pg_catalog.regnamespace
    ORDER BY 1
  ) AS code_of_others,
  pg_catalog.to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL AS has_citus
FROM pg_catalog.unnest($1::pg_catalog.text[]) AS t (name)
JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(t.name)
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid AND i.indisprimary AND i.indisvalid
  ) AS has_key
) AS k
