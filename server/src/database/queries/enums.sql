-- Enums, a row for each label in their order; one row without a label for an empty enum.
SELECT n.nspname, t.typname, e.enumlabel
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid
WHERE n.nspname = ANY (:schemas) AND t.typtype = 'e'
ORDER BY t.oid, e.enumsortorder
