-- The objects with a fingerprint of each definition. A restored definition may differ in casts and parentheses (PostgreSQL itself
-- spells `x IN ('a')` of a varchar otherwise the second time), so these do not count.
SELECT
  o.kind::pg_catalog.text AS kind,
  o.name::pg_catalog.text AS name,
  pg_catalog.md5(
    CASE
      WHEN o.kind IN ('comment', 'security label') THEN o.definition
      ELSE pg_catalog.regexp_replace(
        COALESCE(o.definition, ''),
        '::[\w."]+( varying| precision| with time zone| without time zone)?(\([\d,]+\))?(\[\])*|[()\s]',
        '',
        'g'
      )
    END
  ) AS fingerprint
FROM (:objects) AS o
