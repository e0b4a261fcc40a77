-- One row about a table: what decides whether its rows can be compared and written back individually. None if there is
-- no such table.
SELECT
  c.oid::pg_catalog.text AS oid,
  c.relkind::pg_catalog.text AS kind,
  pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
  COALESCE(
    (
      SELECT pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object(
          'name', a.attname, 'isGenerated', a.attgenerated OPERATOR(pg_catalog.<>) '',
          'isAlwaysIdentity', a.attidentity OPERATOR(pg_catalog.=) 'a',
          'sequence', pg_catalog.pg_get_serial_sequence(pg_catalog.format('%I.%I', n.nspname, c.relname), a.attname::pg_catalog.text)
        ) ORDER BY a.attnum
      )
      FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
    ),
    '[]'
  ) AS columns,
  -- The primary key, otherwise a unique index on columns that are never null.
  COALESCE(
    (
      SELECT ARRAY(
        SELECT a.attname::pg_catalog.text
        FROM pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k (number, place)
        JOIN pg_catalog.pg_attribute AS a
          ON a.attrelid OPERATOR(pg_catalog.=) i.indrelid AND a.attnum OPERATOR(pg_catalog.=) k.number
        WHERE k.place OPERATOR(pg_catalog.<=) i.indnkeyatts
        ORDER BY k.place
      )
      FROM pg_catalog.pg_index AS i
      WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
        AND i.indpred IS NULL AND i.indexprs IS NULL
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_attribute AS a
          WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid
            AND a.attnum OPERATOR(pg_catalog.=) ANY (i.indkey::pg_catalog.int2[]) AND NOT a.attnotnull
        )
      ORDER BY i.indisprimary DESC, i.indnatts, i.indexrelid
      LIMIT 1
    ),
    '{}'
  ) AS key,
  COALESCE(
    (
      SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('name', t.tgname, 'state', t.tgenabled) ORDER BY t.tgname)
      FROM pg_catalog.pg_trigger AS t
      WHERE t.tgrelid OPERATOR(pg_catalog.=) c.oid AND NOT t.tgisinternal AND t.tgenabled OPERATOR(pg_catalog.<>) 'D'
    ),
    '[]'
  ) AS triggers,
  EXISTS (SELECT FROM pg_catalog.pg_rewrite AS w WHERE w.ev_class OPERATOR(pg_catalog.=) c.oid) AS "hasRules",
  -- The foreign keys of other tables that reference it, and their actions.
  COALESCE(
    (
      SELECT pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object(
          'oid', f.conrelid::pg_catalog.text,
          'table', pg_catalog.format('%I.%I', o.nspname, r.relname),
          'onDelete', f.confdeltype, 'onUpdate', f.confupdtype,
          'columns', (
            SELECT pg_catalog.jsonb_agg(a.attname ORDER BY k.place)
            FROM pg_catalog.unnest(f.conkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_catalog.pg_attribute AS a
              ON a.attrelid OPERATOR(pg_catalog.=) f.conrelid AND a.attnum OPERATOR(pg_catalog.=) k.number
          ),
          'referenced', (
            SELECT pg_catalog.jsonb_agg(a.attname ORDER BY k.place)
            FROM pg_catalog.unnest(f.confkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_catalog.pg_attribute AS a
              ON a.attrelid OPERATOR(pg_catalog.=) f.confrelid AND a.attnum OPERATOR(pg_catalog.=) k.number
          )
        ) ORDER BY f.oid
      )
      FROM pg_catalog.pg_constraint AS f
      JOIN pg_catalog.pg_class AS r ON r.oid OPERATOR(pg_catalog.=) f.conrelid
      JOIN pg_catalog.pg_namespace AS o ON o.oid OPERATOR(pg_catalog.=) r.relnamespace
      WHERE f.confrelid OPERATOR(pg_catalog.=) c.oid AND f.contype OPERATOR(pg_catalog.=) 'f'
    ),
    '[]'
  ) AS referrers
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
WHERE n.nspname::pg_catalog.text OPERATOR(pg_catalog.=) $1 AND c.relname::pg_catalog.text OPERATOR(pg_catalog.=) $2
