-- The columns of each relation, in the order of the table; of names where it inherits, because a restore puts its own columns
-- last.
SELECT
  a.attrelid,
  pg_catalog.string_agg(
    pg_catalog.concat_ws(
      ' ',
      a.attname,
      pg_catalog.format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attcollation OPERATOR(pg_catalog.<>) t.typcollation THEN a.attcollation::pg_catalog.regcollation END,
      a.attnotnull,
      a.attidentity,
      a.attgenerated,
      a.attstorage,
      pg_catalog.to_jsonb(a) OPERATOR(pg_catalog.->>) 'attcompression',
      NULLIF(a.attstattarget, -1),
      ARRAY(SELECT o FROM pg_catalog.unnest(a.attoptions) AS u (o) WHERE o OPERATOR(pg_catalog.~) '^n_distinct' ORDER BY o),
      ARRAY(SELECT o FROM pg_catalog.unnest(a.attfdwoptions) AS u (o) ORDER BY o),
      pg_catalog.pg_get_expr(d.adbin, d.adrelid),
      -- Of version 18 and newer.
      (
        SELECT pg_catalog.concat_ws(' ', NULLIF(k.connoinherit, false), NULLIF(k.convalidated, true))
        FROM pg_catalog.pg_constraint AS k
        WHERE k.conrelid OPERATOR(pg_catalog.=) a.attrelid
          AND k.contype OPERATOR(pg_catalog.=) 'n'
          AND k.conkey OPERATOR(pg_catalog.=) ARRAY[a.attnum]
      )
    ),
    ', ' ORDER BY CASE WHEN i.inhrelid IS NULL THEN a.attnum END, a.attname
  ) AS definition
FROM pg_catalog.pg_attribute AS a
JOIN (:relations) AS r ON r.oid OPERATOR(pg_catalog.=) a.attrelid
JOIN pg_catalog.pg_type AS t ON t.oid OPERATOR(pg_catalog.=) a.atttypid
LEFT JOIN pg_catalog.pg_attrdef AS d
  ON d.adrelid OPERATOR(pg_catalog.=) a.attrelid AND d.adnum OPERATOR(pg_catalog.=) a.attnum
LEFT JOIN pg_catalog.pg_inherits AS i ON i.inhrelid OPERATOR(pg_catalog.=) a.attrelid AND i.inhseqno OPERATOR(pg_catalog.=) 1
WHERE a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped AND r.relkind NOT IN ('i', 'I')
GROUP BY a.attrelid
