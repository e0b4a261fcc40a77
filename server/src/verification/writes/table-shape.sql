-- What a write of a row has to know of a table, as one JSON value; $1 is its quoted name. Keys are those of the whole tree
-- of a partitioned table, by the names of their columns.
WITH RECURSIVE asked AS MATERIALIZED (
  SELECT c.oid, c.relhasrules, c.relkind, c.relispartition FROM pg_catalog.pg_class AS c WHERE c.oid = pg_catalog.to_regclass($1)
), tree AS MATERIALIZED (
  SELECT oid FROM asked
  UNION SELECT relid::pg_catalog.oid FROM asked CROSS JOIN LATERAL pg_catalog.pg_partition_tree(asked.oid)
), base (type, stands_on, modifier) AS (
  SELECT t.oid, t.oid, -1 FROM asked
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = asked.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
  UNION
  SELECT b.type, t.typbasetype, t.typtypmod FROM base AS b
  JOIN pg_catalog.pg_type AS t ON t.oid = b.stands_on AND t.typtype = 'd'
), keys AS (
  SELECT i.indexrelid,
    (SELECT pg_catalog.json_agg(DISTINCT a.attname) FROM pg_catalog.pg_attribute AS a
     WHERE a.attrelid = i.indrelid AND (
       a.attnum = ANY (i.indkey::pg_catalog.int2[])
       OR EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
         AND d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum))) AS columns,
    coalesce((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::pg_catalog.bool, false) AS counts_nulls,
    i.indisprimary AS is_primary
  FROM tree JOIN pg_catalog.pg_index AS i ON i.indrelid = tree.oid
  WHERE i.indisunique OR i.indisexclusion
)
SELECT pg_catalog.json_build_object(
  'hasRules', asked.relhasrules,
  'isPartition', asked.relispartition,
  'columns', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', a.attname,
      'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'base', CASE WHEN u.typcategory = 'A' THEN 'array' WHEN u.typtype = 'e' THEN 'enum' ELSE u.typname END,
      'length', CASE WHEN u.typname IN ('varchar', 'bpchar') THEN nullif(greatest(CASE WHEN a.atttypmod > 0 THEN a.atttypmod ELSE b.modifier END - 4, 0), 0) END,
      'labels', (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = u.oid),
      'isNullable', NOT (a.attnotnull OR t.typnotnull),
      'isGenerated', a.attgenerated <> '',
      'isIdentity', a.attidentity <> '',
      'default', pg_catalog.pg_get_expr(d.adbin, d.adrelid),
      'isPartitionKey', EXISTS (SELECT FROM pg_catalog.pg_partitioned_table AS p JOIN tree ON tree.oid = p.partrelid
        JOIN pg_catalog.pg_attribute AS k ON k.attrelid = p.partrelid AND k.attnum = ANY (p.partattrs::pg_catalog.int2[])
        WHERE k.attname = a.attname),
      'isWatched', EXISTS (SELECT FROM pg_catalog.pg_trigger AS g JOIN tree ON tree.oid = g.tgrelid
        JOIN pg_catalog.pg_attribute AS k ON k.attrelid = g.tgrelid AND k.attnum = ANY (g.tgattr::pg_catalog.int2[])
        WHERE NOT g.tgisinternal AND k.attname = a.attname)
    ) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    JOIN LATERAL (SELECT * FROM base WHERE base.type = a.atttypid
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS n WHERE n.oid = base.stands_on AND n.typtype = 'd') LIMIT 1) AS b ON true
    JOIN pg_catalog.pg_type AS u ON u.oid = b.stands_on
    LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = asked.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'::pg_catalog.json),
  'keys', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'columns', coalesce(keys.columns, '[]'::pg_catalog.json), 'countsNulls', keys.counts_nulls OR keys.is_primary
    ) ORDER BY keys.is_primary DESC, keys.indexrelid)
    FROM keys), '[]'::pg_catalog.json),
  'foreignKeys', coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'table', pg_catalog.format('%I.%I', n.nspname, r.relname),
      'columns', (SELECT pg_catalog.json_agg(a.attname ORDER BY k.place)
        FROM pg_catalog.unnest(f.conkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.number),
      'referenced', (SELECT pg_catalog.json_agg(a.attname ORDER BY k.place)
        FROM pg_catalog.unnest(f.confkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.confrelid AND a.attnum = k.number)))
    FROM pg_catalog.pg_constraint AS f
    JOIN pg_catalog.pg_class AS r ON r.oid = f.confrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = r.relnamespace
    WHERE f.conrelid = asked.oid AND f.contype = 'f'), '[]'::pg_catalog.json)
) AS shape
FROM asked WHERE asked.relkind IN ('r', 'p')
