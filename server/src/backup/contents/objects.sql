-- Schemas, functions, types and what else a dump writes out besides tables, with the definition of each.
WITH schemas AS (
  SELECT n.oid, n.nspname, n.nspowner, n.nspacl
  FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname OPERATOR(pg_catalog.<>) 'information_schema' AND n.nspname OPERATOR(pg_catalog.!~) '^pg_'
),
-- What an extension brings, and what PostgreSQL makes for another object.
parts AS (
  SELECT d.classid, d.objid FROM pg_catalog.pg_depend AS d WHERE d.deptype IN ('e', 'i')
),
columns AS (:columns),
functions AS (
  SELECT p.*, pg_catalog.format('%I.%I(%s)', s.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) AS name
  FROM pg_catalog.pg_proc AS p
  JOIN schemas AS s ON s.oid OPERATOR(pg_catalog.=) p.pronamespace
  WHERE NOT EXISTS (
    SELECT FROM parts AS m
    WHERE m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND m.objid OPERATOR(pg_catalog.=) p.oid
  )
),
types AS (
  SELECT t.*, pg_catalog.format('%I.%I', s.nspname, t.typname) AS name
  FROM pg_catalog.pg_type AS t
  JOIN schemas AS s ON s.oid OPERATOR(pg_catalog.=) t.typnamespace
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) t.typrelid
  WHERE (t.typtype IN ('b', 'e', 'd', 'r') OR c.relkind OPERATOR(pg_catalog.=) 'c')
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_type'::pg_catalog.regclass
        AND d.objid OPERATOR(pg_catalog.=) t.oid
        -- Arrays are base types that PostgreSQL makes.
        AND (d.deptype OPERATOR(pg_catalog.=) 'e' OR (d.deptype OPERATOR(pg_catalog.=) 'i' AND t.typtype OPERATOR(pg_catalog.=) 'b'))
    )
)
SELECT 'schema' AS kind, pg_catalog.quote_ident(s.nspname) AS name, '' AS definition
FROM schemas AS s
WHERE NOT EXISTS (
  SELECT FROM parts AS m
  WHERE m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass AND m.objid OPERATOR(pg_catalog.=) s.oid
)
UNION ALL
SELECT 'extension', pg_catalog.quote_ident(e.extname), e.extnamespace::pg_catalog.regnamespace::pg_catalog.text
FROM pg_catalog.pg_extension AS e
WHERE e.extname OPERATOR(pg_catalog.<>) 'plpgsql'
UNION ALL
SELECT
  'function',
  f.name,
  CASE
    WHEN f.prokind OPERATOR(pg_catalog.=) 'a'
      THEN pg_catalog.concat_ws(
        ' ',
        f.proparallel,
        a.aggkind,
        a.aggtransfn,
        a.aggtranstype::pg_catalog.regtype,
        a.aggtransspace,
        a.aggfinalfn,
        a.aggfinalextra,
        a.aggfinalmodify,
        a.agginitval,
        a.aggcombinefn,
        a.aggserialfn,
        a.aggdeserialfn,
        a.aggmtransfn,
        a.aggminvtransfn,
        a.aggmtranstype::pg_catalog.regtype,
        a.aggmfinalfn,
        a.aggmfinalextra,
        a.aggmfinalmodify,
        a.aggminitval,
        NULLIF(a.aggsortop, 0)::pg_catalog.regoperator
      )
    ELSE pg_catalog.pg_get_functiondef(f.oid)
  END
FROM functions AS f
LEFT JOIN pg_catalog.pg_aggregate AS a ON a.aggfnoid::pg_catalog.oid OPERATOR(pg_catalog.=) f.oid
UNION ALL
SELECT
  'type',
  t.name,
  pg_catalog.concat_ws(
    ' ',
    t.typtype,
    t.typnotnull,
    t.typdefault,
    CASE WHEN t.typbasetype OPERATOR(pg_catalog.<>) 0 THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
    NULLIF(t.typcollation, 0)::pg_catalog.regcollation,
    CASE
      WHEN t.typtype OPERATOR(pg_catalog.=) 'b'
        THEN pg_catalog.concat_ws(
          ' ',
          t.typlen,
          t.typbyval,
          t.typalign,
          t.typstorage,
          t.typcategory,
          t.typispreferred,
          t.typdelim,
          NULLIF(t.typelem, 0)::pg_catalog.regtype,
          t.typinput,
          t.typoutput,
          t.typreceive,
          t.typsend,
          t.typmodin,
          t.typmodout,
          t.typanalyze
        )
    END,
    (
      SELECT pg_catalog.concat_ws(
        ' ',
        g.rngsubtype::pg_catalog.regtype,
        g.rngmultitypid::pg_catalog.regtype,
        NULLIF(g.rngcollation, 0)::pg_catalog.regcollation,
        c.opcname,
        g.rngcanonical,
        g.rngsubdiff
      )
      FROM pg_catalog.pg_range AS g
      JOIN pg_catalog.pg_opclass AS c ON c.oid OPERATOR(pg_catalog.=) g.rngsubopc
      WHERE g.rngtypid OPERATOR(pg_catalog.=) t.oid
    ),
    (
      SELECT pg_catalog.string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
      FROM pg_catalog.pg_enum AS e
      WHERE e.enumtypid OPERATOR(pg_catalog.=) t.oid
    ),
    l.definition,
    (
      SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', k.conname, pg_catalog.pg_get_constraintdef(k.oid)), ', ' ORDER BY k.conname)
      FROM pg_catalog.pg_constraint AS k
      WHERE k.contypid OPERATOR(pg_catalog.=) t.oid AND k.contype OPERATOR(pg_catalog.=) 'c'
    )
  )
FROM types AS t
LEFT JOIN columns AS l ON l.attrelid OPERATOR(pg_catalog.=) t.typrelid
UNION ALL
SELECT
  'event trigger',
  pg_catalog.quote_ident(v.evtname),
  pg_catalog.concat_ws(' ', v.evtevent, v.evtenabled, v.evtfoid::pg_catalog.regprocedure, v.evttags)
FROM pg_catalog.pg_event_trigger AS v
WHERE NOT EXISTS (
  SELECT FROM parts AS m
  WHERE m.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_event_trigger'::pg_catalog.regclass AND m.objid OPERATOR(pg_catalog.=) v.oid
)
UNION ALL
SELECT
  'publication',
  pg_catalog.quote_ident(p.pubname),
  pg_catalog.concat_ws(
    ' ',
    p.puballtables,
    p.pubinsert,
    p.pubupdate,
    p.pubdelete,
    p.pubtruncate,
    p.pubviaroot,
    -- Of version 18 and newer.
    pg_catalog.to_jsonb(p) OPERATOR(pg_catalog.->>) 'pubgencols',
    -- Whole schemas, of version 15 and newer.
    ARRAY(
      SELECT s.nspname
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_depend AS d
        ON d.classid OPERATOR(pg_catalog.=) c.oid AND d.refobjid OPERATOR(pg_catalog.=) p.oid
      JOIN pg_catalog.pg_depend AS e
        ON e.classid OPERATOR(pg_catalog.=) c.oid AND e.objid OPERATOR(pg_catalog.=) d.objid
      JOIN schemas AS s ON s.oid OPERATOR(pg_catalog.=) e.refobjid
      WHERE c.relname OPERATOR(pg_catalog.=) 'pg_publication_namespace'
        AND c.relnamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace
      ORDER BY s.nspname
    ),
    (
      SELECT pg_catalog.string_agg(
        pg_catalog.concat_ws(
          ' ',
          t.schemaname,
          t.tablename,
          -- Of version 15 and newer; null for a table that has no columns to publish.
          ARRAY(
            SELECT c
            FROM pg_catalog.jsonb_array_elements_text(NULLIF(pg_catalog.to_jsonb(t) OPERATOR(pg_catalog.->) 'attnames', 'null')) AS u (c)
            ORDER BY c
          ),
          pg_catalog.to_jsonb(t) OPERATOR(pg_catalog.->>) 'rowfilter'
        ),
        ', ' ORDER BY t.schemaname, t.tablename
      )
      FROM pg_catalog.pg_publication_tables AS t
      WHERE t.pubname OPERATOR(pg_catalog.=) p.pubname
    )
  )
FROM pg_catalog.pg_publication AS p
UNION ALL
SELECT
  'statistics',
  pg_catalog.format('%I.%I', s.nspname, x.stxname),
  pg_catalog.concat_ws(' ', pg_catalog.pg_get_statisticsobjdef(x.oid), NULLIF(x.stxstattarget, -1))
FROM pg_catalog.pg_statistic_ext AS x
JOIN schemas AS s ON s.oid OPERATOR(pg_catalog.=) x.stxnamespace
UNION ALL
SELECT 'comment', pg_catalog.concat_ws(' ', i.type, i.identity), c.description
FROM pg_catalog.pg_description AS c
CROSS JOIN LATERAL pg_catalog.pg_identify_object(c.classoid, c.objoid, c.objsubid) AS i
WHERE (
    c.objoid OPERATOR(pg_catalog.>=) 16384
    OR c.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_largeobject'::pg_catalog.regclass
    OR EXISTS (SELECT FROM schemas AS s WHERE s.nspname OPERATOR(pg_catalog.=) 'public' AND s.oid OPERATOR(pg_catalog.=) c.objoid)
  )
  AND c.description OPERATOR(pg_catalog.<>) 'standard public schema'
  AND c.classoid OPERATOR(pg_catalog.<>) 'pg_catalog.pg_subscription'::pg_catalog.regclass
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid OPERATOR(pg_catalog.=) c.classoid
      AND d.objid OPERATOR(pg_catalog.=) c.objoid
      -- The index of a constraint and the sequence of a column may have comments of their own.
      AND (
        d.deptype OPERATOR(pg_catalog.=) 'e'
        OR (
          d.deptype OPERATOR(pg_catalog.=) 'i'
          AND c.classoid OPERATOR(pg_catalog.<>) 'pg_catalog.pg_class'::pg_catalog.regclass
        )
      )
  )
UNION ALL
SELECT 'security label', pg_catalog.concat_ws(' ', l.provider, i.type, i.identity), l.label
FROM pg_catalog.pg_seclabel AS l
CROSS JOIN LATERAL pg_catalog.pg_identify_object(l.classoid, l.objoid, l.objsubid) AS i
