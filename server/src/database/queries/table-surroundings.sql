-- What stands around tables and is no part of their structure. $1: their quoted names, as text[]. Whom we trust says trusted-roles.sql.
-- What may be long for each of thousands of tables is worked out once for all of them, then joined.
WITH trusted (oid) AS (
:trusted), wanted AS MATERIALIZED (
  SELECT t.name, t.position, c.oid, c.relkind, c.relispartition
  FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS t (name, position)
  JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(t.name)
), tree (root, oid) AS MATERIALIZED (
  -- With all partitions of a table, or of a partition.
  SELECT w.oid, w.oid FROM wanted AS w
  UNION
  SELECT w.oid, part.relid::pg_catalog.oid FROM wanted AS w CROSS JOIN LATERAL pg_catalog.pg_partition_tree(w.oid) AS part
  WHERE w.relkind OPERATOR(pg_catalog.=) 'p'
), widest (root, columns, is_heap) AS MATERIALIZED (
  -- 2 is PostgreSQL's own storage; a partitioned table has none.
  SELECT tree.root, pg_catalog.max(w.relnatts)::pg_catalog.int4, pg_catalog.bool_and(w.relam IN (0, 2))
  FROM tree JOIN pg_catalog.pg_class AS w ON w.oid OPERATOR(pg_catalog.=) tree.oid
  GROUP BY tree.root
), row_sizes (root, size) AS MATERIALIZED (
  -- The layout of the rows, only of tables that may come near the limit. Columns that a partitioned table has lost are
  -- not those of its partitions, which may also have theirs in another order.
  SELECT w.oid, pg_catalog.jsonb_build_object(
    'columns', pg_catalog.count(*) FILTER (WHERE NOT a.attisdropped OR w.relkind OPERATOR(pg_catalog.<>) 'p'),
    'hasNull', pg_catalog.bool_or(a.attgenerated OPERATOR(pg_catalog.=) 'v' OR (a.attisdropped AND w.relkind OPERATOR(pg_catalog.<>) 'p')),
    'stored', coalesce(
      pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object(
          'least', l.least, 'most', l.most, 'alignment', l.alignment, 'isPacked', l.is_packed, 'isRequired', a.attnotnull
        ) ORDER BY a.attnum
      ) FILTER (WHERE l.is_stored),
      '[]'
    ),
    'hasOneOrder', NOT EXISTS (
      SELECT FROM tree
      WHERE tree.root OPERATOR(pg_catalog.=) w.oid AND (
        SELECT pg_catalog.array_agg(p.attname ORDER BY p.attnum) FROM pg_catalog.pg_attribute AS p
        WHERE p.attrelid OPERATOR(pg_catalog.=) tree.oid AND p.attnum OPERATOR(pg_catalog.>) 0 AND NOT p.attisdropped
      ) OPERATOR(pg_catalog.<>) pg_catalog.array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE NOT a.attisdropped)
    ),
    'limit', pg_catalog.current_setting('block_size')::pg_catalog.int4 OPERATOR(pg_catalog.-) 32
  )
  FROM wanted AS w
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) w.oid AND a.attnum OPERATOR(pg_catalog.>) 0
  -- Of variable length: the header has 1 byte, or 4 if the storage is plain; up to 24 bytes are never stored elsewhere.
  CROSS JOIN LATERAL (
    SELECT
      CASE WHEN a.attlen OPERATOR(pg_catalog.>) 0 THEN a.attlen WHEN a.attstorage OPERATOR(pg_catalog.=) 'p' THEN 4 ELSE 1 END,
      CASE WHEN a.attlen OPERATOR(pg_catalog.>) 0 THEN a.attlen ELSE 24 END,
      CASE a.attalign WHEN 's' THEN 2 WHEN 'i' THEN 4 WHEN 'd' THEN 8 ELSE 1 END,
      a.attlen OPERATOR(pg_catalog.<) 0 AND a.attstorage OPERATOR(pg_catalog.<>) 'p',
      NOT a.attisdropped AND a.attgenerated OPERATOR(pg_catalog.<>) 'v'
  ) AS l (least, most, alignment, is_packed, is_stored)
  GROUP BY w.oid, w.relkind
  -- Less than 1,000 bytes are the header and all columns that a plan adds.
  HAVING pg_catalog.sum(l.most OPERATOR(pg_catalog.+) l.alignment) OPERATOR(pg_catalog.+) 1000
    OPERATOR(pg_catalog.>) pg_catalog.current_setting('block_size')::pg_catalog.int4
), published (name, oid, has_updates) AS MATERIALIZED (
  SELECT p.pubname::pg_catalog.text, pc.oid, p.pubupdate
  FROM pg_catalog.pg_publication AS p
  JOIN pg_catalog.pg_publication_tables AS pt ON pt.pubname OPERATOR(pg_catalog.=) p.pubname
  JOIN pg_catalog.pg_namespace AS pn ON pn.nspname OPERATOR(pg_catalog.=) pt.schemaname
  JOIN pg_catalog.pg_class AS pc ON pc.relname OPERATOR(pg_catalog.=) pt.tablename AND pc.relnamespace OPERATOR(pg_catalog.=) pn.oid
), publications (root, names) AS MATERIALIZED (
  SELECT tree.root, pg_catalog.array_agg(DISTINCT published.name ORDER BY published.name)
  FROM tree JOIN published ON published.oid OPERATOR(pg_catalog.=) tree.oid
  GROUP BY tree.root
), publishing_updates (oid) AS MATERIALIZED (
  SELECT published.oid FROM published WHERE published.has_updates
  UNION
  -- A partition may be published through its table.
  SELECT w.oid FROM wanted AS w CROSS JOIN LATERAL pg_catalog.pg_partition_ancestors(w.oid) AS a
  JOIN published ON published.oid OPERATOR(pg_catalog.=) a.relid
  WHERE w.relispartition AND published.has_updates
), comparable (oid) AS MATERIALIZED (
  SELECT o.oprleft FROM pg_catalog.pg_operator AS o
  WHERE o.oprname OPERATOR(pg_catalog.=) '=' AND o.oprleft OPERATOR(pg_catalog.=) o.oprright
    AND o.oprnamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace
), compared_as (oid, target) AS MATERIALIZED (
  -- Types whose values PostgreSQL cannot compare: there is no operator of the type alone (an enum, a range), and an
  -- implicit cast leads to a type that has one. Among several, PostgreSQL takes the preferred type of the type's own
  -- category: varchar and citext are compared as text.
  SELECT k.castsource, pg_catalog.min(pg_catalog.format_type(k.casttarget, NULL))
  FROM pg_catalog.pg_cast AS k JOIN comparable ON comparable.oid OPERATOR(pg_catalog.=) k.casttarget
  WHERE k.castcontext OPERATOR(pg_catalog.=) 'i'
    AND NOT EXISTS (SELECT FROM comparable AS own WHERE own.oid OPERATOR(pg_catalog.=) k.castsource)
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_cast AS p
      JOIN comparable AS taken ON taken.oid OPERATOR(pg_catalog.=) p.casttarget
      JOIN pg_catalog.pg_type AS st ON st.oid OPERATOR(pg_catalog.=) p.castsource
      JOIN pg_catalog.pg_type AS tt ON tt.oid OPERATOR(pg_catalog.=) p.casttarget
      WHERE p.castsource OPERATOR(pg_catalog.=) k.castsource AND p.castcontext OPERATOR(pg_catalog.=) 'i'
        AND tt.typispreferred AND tt.typcategory OPERATOR(pg_catalog.=) st.typcategory
    )
  GROUP BY k.castsource
), not_comparable (root, columns) AS MATERIALIZED (
  SELECT w.oid, pg_catalog.jsonb_object_agg(a.attname, pg_catalog.format('%s to %s', pg_catalog.format_type(a.atttypid, NULL), q.target))
  FROM wanted AS w
  JOIN pg_catalog.pg_index AS i ON i.indrelid OPERATOR(pg_catalog.=) w.oid AND i.indisprimary
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) w.oid AND a.attnum OPERATOR(pg_catalog.=) ANY (i.indkey::pg_catalog.int2[])
  JOIN compared_as AS q ON q.oid OPERATOR(pg_catalog.=) a.atttypid
  WHERE a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
  GROUP BY w.oid
), lesser AS MATERIALIZED (
  SELECT r.oid, r.rolname FROM pg_catalog.pg_roles AS r WHERE NOT EXISTS (SELECT FROM trusted WHERE trusted.oid OPERATOR(pg_catalog.=) r.oid)
), their_functions AS MATERIALIZED (
  SELECT p.oid, pg_catalog.format('%I.%I() of the role %I', pn.nspname, p.proname, l.rolname) AS label
  FROM lesser AS l
  JOIN pg_catalog.pg_proc AS p ON p.proowner OPERATOR(pg_catalog.=) l.oid
  JOIN pg_catalog.pg_namespace AS pn ON pn.oid OPERATOR(pg_catalog.=) p.pronamespace
), calling (class, oid, label) AS MATERIALIZED (
  -- The functions, and the operators and operator classes that they stand behind.
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass::pg_catalog.oid, f.oid, f.label FROM their_functions AS f
  UNION
  SELECT o.tableoid, o.oid, f.label FROM their_functions AS f
  JOIN pg_catalog.pg_operator AS o ON o.oprcode::pg_catalog.oid OPERATOR(pg_catalog.=) f.oid
  UNION
  SELECT oc.tableoid, oc.oid, f.label FROM their_functions AS f
  JOIN pg_catalog.pg_amproc AS ap ON ap.amproc::pg_catalog.oid OPERATOR(pg_catalog.=) f.oid
  JOIN pg_catalog.pg_opclass AS oc ON oc.opcfamily OPERATOR(pg_catalog.=) ap.amprocfamily
), callers AS MATERIALIZED (
  SELECT d.classid, d.objid, calling.label
  FROM calling JOIN pg_catalog.pg_depend AS d ON d.refclassid OPERATOR(pg_catalog.=) calling.class AND d.refobjid OPERATOR(pg_catalog.=) calling.oid
), their_types AS MATERIALIZED (
  SELECT y.oid, pg_catalog.format('%s of the role %I', pg_catalog.format_type(y.oid, NULL), l.rolname) AS label
  FROM lesser AS l JOIN pg_catalog.pg_type AS y ON y.typowner OPERATOR(pg_catalog.=) l.oid
  WHERE y.typtype OPERATOR(pg_catalog.<>) 'e' AND y.typcategory OPERATOR(pg_catalog.<>) 'A'
    AND y.typnamespace OPERATOR(pg_catalog.<>) 'pg_catalog'::pg_catalog.regnamespace
), types_made_of (oid, label) AS MATERIALIZED (
  SELECT y.oid, y.label FROM their_types AS y
  UNION
  SELECT ay.oid, y.label FROM their_types AS y JOIN pg_catalog.pg_type AS ay ON ay.typelem OPERATOR(pg_catalog.=) y.oid
  UNION
  SELECT ay.oid, y.label FROM their_types AS y JOIN pg_catalog.pg_type AS ay ON ay.typbasetype OPERATOR(pg_catalog.=) y.oid
), code_of_others (root, lines) AS MATERIALIZED (
  -- What a write of a table runs of roles with fewer privileges, by its triggers and by its types, unless all of it is such a role's.
  SELECT line.root, pg_catalog.array_agg(line.line ORDER BY line.line) FROM (
    SELECT tree.root, pg_catalog.format('the trigger %I calls %s', g.tgname, f.label) AS line
    FROM their_functions AS f
    JOIN pg_catalog.pg_trigger AS g ON g.tgfoid OPERATOR(pg_catalog.=) f.oid
    JOIN tree ON tree.oid OPERATOR(pg_catalog.=) g.tgrelid
    WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A')
    UNION
    -- Of its constraints, defaults, generated columns and indexes, also behind their operators and operator classes.
    SELECT tree.root, pg_catalog.format('the constraint %I calls %s', k.conname, r.label)
    FROM callers AS r
    JOIN pg_catalog.pg_constraint AS k ON k.tableoid OPERATOR(pg_catalog.=) r.classid AND k.oid OPERATOR(pg_catalog.=) r.objid
    JOIN tree ON tree.oid OPERATOR(pg_catalog.=) k.conrelid
    UNION
    SELECT tree.root, pg_catalog.format('the default of %I calls %s', fa.attname, r.label)
    FROM callers AS r
    JOIN pg_catalog.pg_attrdef AS f ON f.tableoid OPERATOR(pg_catalog.=) r.classid AND f.oid OPERATOR(pg_catalog.=) r.objid
    JOIN pg_catalog.pg_attribute AS fa ON fa.attrelid OPERATOR(pg_catalog.=) f.adrelid AND fa.attnum OPERATOR(pg_catalog.=) f.adnum
    JOIN tree ON tree.oid OPERATOR(pg_catalog.=) f.adrelid
    UNION
    SELECT tree.root, pg_catalog.format('the index %I calls %s', ic.relname, r.label)
    FROM callers AS r
    JOIN pg_catalog.pg_class AS ic ON ic.tableoid OPERATOR(pg_catalog.=) r.classid AND ic.oid OPERATOR(pg_catalog.=) r.objid
    JOIN pg_catalog.pg_index AS i ON i.indexrelid OPERATOR(pg_catalog.=) ic.oid
    JOIN tree ON tree.oid OPERATOR(pg_catalog.=) i.indrelid
    UNION
    SELECT w.oid, pg_catalog.format('%I has the type %s', a.attname, y.label)
    FROM wanted AS w
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid OPERATOR(pg_catalog.=) w.oid
    JOIN types_made_of AS y ON y.oid OPERATOR(pg_catalog.=) a.atttypid
    WHERE a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
  ) AS line
  GROUP BY line.root
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
  coalesce(publications.names, '{}') AS publications,
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
  c.relkind OPERATOR(pg_catalog.=) 'r' AND c.oid IN (SELECT u.oid FROM publishing_updates AS u) AND (
    c.relreplident OPERATOR(pg_catalog.=) 'n' OR (c.relreplident OPERATOR(pg_catalog.=) 'd' AND NOT k.has_key)
    OR (c.relreplident OPERATOR(pg_catalog.=) 'i' AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid AND i.indisreplident AND i.indisvalid
    ))
  ) AS lacks_identity,
  k.has_key,
  -- Columns of its primary key whose values PostgreSQL cannot compare.
  coalesce(not_comparable.columns, '{}') AS not_comparable,
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
  widest.columns AS columns_ever,
  CASE WHEN widest.is_heap THEN row_sizes.size END AS row_size,
  coalesce(code_of_others.lines, '{}') AS code_of_others,
  pg_catalog.to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL AS has_citus
FROM wanted AS t
JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) t.oid
LEFT JOIN widest ON widest.root OPERATOR(pg_catalog.=) c.oid
LEFT JOIN row_sizes ON row_sizes.root OPERATOR(pg_catalog.=) c.oid
LEFT JOIN publications ON publications.root OPERATOR(pg_catalog.=) c.oid
LEFT JOIN not_comparable ON not_comparable.root OPERATOR(pg_catalog.=) c.oid
LEFT JOIN code_of_others ON code_of_others.root OPERATOR(pg_catalog.=) c.oid
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid AND i.indisprimary AND i.indisvalid
  ) AS has_key
) AS k
ORDER BY t.position
