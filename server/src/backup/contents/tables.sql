-- The tables that hold rows of their own: all except partitioned ones. The hash of an enum's value depends on its OID, so rows
-- of partitions by it may belong to other ones after a restore: as in pg_dump, their topmost table stands for them.
WITH RECURSIVE hashed AS (
  SELECT p.partrelid AS oid
  FROM pg_catalog.pg_partitioned_table AS p
  WHERE EXISTS (
    SELECT
    FROM pg_catalog.pg_opclass AS o
    JOIN pg_catalog.pg_am AS m ON m.oid OPERATOR(pg_catalog.=) o.opcmethod
    WHERE o.oid OPERATOR(pg_catalog.=) ANY (p.partclass)
      AND o.opcname OPERATOR(pg_catalog.=) 'enum_ops'
      AND m.amname OPERATOR(pg_catalog.=) 'hash'
  )
  UNION
  SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN hashed AS h ON h.oid OPERATOR(pg_catalog.=) i.inhparent
),
topmost AS (
  SELECT pg_catalog.pg_partition_root(h.oid)::pg_catalog.oid AS oid, pg_catalog.array_agg(h.oid) AS partitions
  FROM hashed AS h
  GROUP BY 1
)
SELECT
  r.nspname::pg_catalog.text AS schema,
  r.relname::pg_catalog.text AS table,
  r.name,
  -- A hash of each column of `prisma_audit_row`: of the value itself if its type has a hash function that covers the
  -- complete output, otherwise of the text. Calls functions instead of casts, because the owner of a type may define a
  -- cast, which would run with our privileges. Ordered by name, because the columns of a table that inherits are in a
  -- different order after a restore.
  pg_catalog.array_to_string(ARRAY(
    SELECT pg_catalog.format(
      CASE
        WHEN a.atttypid IN ('pg_catalog.text'::pg_catalog.regtype, 'pg_catalog.varchar'::pg_catalog.regtype)
          THEN 'pg_catalog.hashtextextended(prisma_audit_row.%1$I COLLATE pg_catalog."C", 0)'
        WHEN a.atttypid IN (
          'pg_catalog.int2'::pg_catalog.regtype, 'pg_catalog.int4'::pg_catalog.regtype, 'pg_catalog.int8'::pg_catalog.regtype
        )
          THEN 'pg_catalog.hashint8extended(prisma_audit_row.%1$I, 0)'
        WHEN a.atttypid OPERATOR(pg_catalog.=) 'pg_catalog.uuid'::pg_catalog.regtype
          THEN 'pg_catalog.uuid_hash_extended(prisma_audit_row.%1$I, 0)'
        WHEN a.atttypid OPERATOR(pg_catalog.=) 'pg_catalog.timestamp'::pg_catalog.regtype
          THEN 'pg_catalog.timestamp_hash_extended(prisma_audit_row.%1$I, 0)'
        WHEN a.atttypid OPERATOR(pg_catalog.=) 'pg_catalog.timestamptz'::pg_catalog.regtype
          THEN 'pg_catalog.timestamp_hash_extended(pg_catalog.timezone(''UTC'', prisma_audit_row.%1$I), 0)'
        WHEN t.typtype OPERATOR(pg_catalog.=) 'e'
          OR (
            t.typtype OPERATOR(pg_catalog.=) 'b'
            AND t.typcategory OPERATOR(pg_catalog.<>) 'A'
            AND t.typnamespace OPERATOR(pg_catalog.=) 'pg_catalog'::pg_catalog.regnamespace
          )
          THEN 'pg_catalog.hashtextextended(pg_catalog.textin(pg_catalog.%2$I(prisma_audit_row.%1$I)) COLLATE pg_catalog."C", 0)'
        ELSE 'pg_catalog.hashtextextended(pg_catalog.textin(pg_catalog.record_out(ROW(prisma_audit_row.%1$I))) COLLATE pg_catalog."C", 0)'
      END,
      a.attname,
      o.proname
    )
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
    JOIN pg_catalog.pg_proc AS o ON o.oid OPERATOR(pg_catalog.=) t.typoutput::pg_catalog.oid
    WHERE a.attrelid OPERATOR(pg_catalog.=) r.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
    ORDER BY a.attname COLLATE pg_catalog."C"
  ), ', ') AS hashes,
  -- As in COPY.
  ARRAY(
    SELECT a.attname::pg_catalog.text
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid OPERATOR(pg_catalog.=) r.oid
      AND a.attnum OPERATOR(pg_catalog.>) 0
      AND NOT a.attisdropped
      AND a.attgenerated OPERATOR(pg_catalog.=) ''
    ORDER BY a.attnum
  ) AS stored,
  CASE
    WHEN t.oid IS NULL THEN pg_catalog.format('ONLY %s AS prisma_audit_row', r.name)
    ELSE pg_catalog.format(
      '%s AS prisma_audit_row WHERE prisma_audit_row.tableoid OPERATOR(pg_catalog.=) ANY (%L::pg_catalog.oid[])',
      r.name,
      t.partitions
    )
  END AS source,
  t.oid IS NOT NULL AS "isPartitioned"
FROM (:relations) AS r
LEFT JOIN topmost AS t ON t.oid OPERATOR(pg_catalog.=) r.oid
WHERE t.oid IS NOT NULL
  OR (r.relkind OPERATOR(pg_catalog.=) 'r' AND NOT EXISTS (SELECT FROM hashed AS h WHERE h.oid OPERATOR(pg_catalog.=) r.oid))
ORDER BY r.name COLLATE pg_catalog."C"
