-- Numbers that change when anything does that the catalog queries report: of each catalog the count of rows, the sum of
-- their oids, and a weighed sum of the transactions that wrote them, so that a row that is written again always counts
-- more; and the estimates, which ANALYZE and VACUUM write in place.
-- `age` counts back from the next transaction, whose number `age('1000') + 1000` gives back, so no text is made of
-- numbers; rows as old as the cluster have the greatest age there is, and count as written by 0. Expressions may name
-- things of any schema, so only columns are limited to the schemas and to what foreign keys point at. PostgreSQL's own
-- objects, with oids below 16384, stay as they are while the server runs.
-- moment.sql says when none of it need be worked out.
WITH clock AS MATERIALIZED (SELECT pg_catalog.age('1000'::xid)::bigint + 1000 AS next),
described AS MATERIALIZED (
  SELECT c.oid FROM pg_catalog.pg_class c
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.oid >= 16384
    AND (c.relnamespace IN (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY (:schemas))
         OR c.oid IN (SELECT k.confrelid FROM pg_catalog.pg_constraint k WHERE k.confrelid >= 16384))
)
SELECT pg_catalog.json_build_array(
  (SELECT concat_ws(' ', count(*), sum(c.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(c.xmin), 2147483647), 0) * (c.oid::bigint % 999983 + 1)), sum(c.relpages), sum(c.reltuples::bigint))
   FROM pg_catalog.pg_class c
   WHERE c.oid >= 16384 AND c.relpersistence <> 't'),
  (SELECT concat_ws(' ', count(*), sum((a.attrelid::bigint * 1601 + a.attnum)),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(a.xmin), 2147483647), 0) * ((a.attrelid::bigint * 1601 + a.attnum) % 999983 + 1)))
   FROM described JOIN pg_catalog.pg_attribute a ON a.attrelid = described.oid
   WHERE a.attnum > 0),
  (SELECT concat_ws(' ', count(*), sum(k.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(k.xmin), 2147483647), 0) * (k.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_constraint k
   WHERE k.oid >= 16384),
  (SELECT concat_ws(' ', count(*), sum(i.indexrelid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(i.xmin), 2147483647), 0) * (i.indexrelid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_index i
   WHERE i.indexrelid >= 16384),
  (SELECT concat_ws(' ', count(*), sum(t.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(t.xmin), 2147483647), 0) * (t.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_trigger t
   WHERE NOT t.tgisinternal),
  (SELECT concat_ws(' ', count(*), sum(d.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(d.xmin), 2147483647), 0) * (d.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_attrdef d),
  (SELECT concat_ws(' ', count(*), sum(e.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(e.xmin), 2147483647), 0) * (e.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_enum e),
  (SELECT concat_ws(' ', count(*), sum(p.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(p.xmin), 2147483647), 0) * (p.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_proc p
   WHERE p.oid >= 16384),
  (SELECT concat_ws(' ', count(*), sum(x.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(x.xmin), 2147483647), 0) * (x.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_extension x),
  (SELECT concat_ws(' ', count(*), sum(n.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(n.xmin), 2147483647), 0) * (n.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_namespace n
   WHERE n.nspname !~ '^pg_(toast_)?temp_'),
  -- The type of a table's rows, and arrays, take their names from what is counted elsewhere.
  (SELECT concat_ws(' ', count(*), sum(t.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(t.xmin), 2147483647), 0) * (t.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_type t
   WHERE t.oid >= 16384 AND t.typtype <> 'c' AND NOT (t.typcategory = 'A' AND t.typelem <> 0)),
  -- Who owns which sequence: ALTER SEQUENCE OWNED BY writes this row too.
  (SELECT concat_ws(' ', count(*), sum(s.seqrelid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(s.xmin), 2147483647), 0) * (s.seqrelid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_sequence s),
  (SELECT concat_ws(' ', count(*), sum(d.objid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(d.xmin), 2147483647), 0) * (d.objid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_depend d
   WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.classid = 'pg_catalog.pg_class'::regclass),
  (SELECT concat_ws(' ', count(*), sum(d.objoid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(d.xmin), 2147483647), 0) * (d.objoid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_description d
   WHERE d.classoid = 'pg_catalog.pg_proc'::regclass AND d.objoid >= 16384),
  (SELECT concat_ws(' ', count(*), sum(o.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(o.xmin), 2147483647), 0) * (o.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_operator o
   WHERE o.oid >= 16384),
  (SELECT concat_ws(' ', count(*), sum(o.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(o.xmin), 2147483647), 0) * (o.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_opclass o
   WHERE o.oid >= 16384),
  (SELECT concat_ws(' ', count(*), sum(c.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(c.xmin), 2147483647), 0) * (c.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_collation c
   WHERE c.oid >= 16384),
  (SELECT concat_ws(' ', count(*), sum(l.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(l.xmin), 2147483647), 0) * (l.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_language l),
  (SELECT concat_ws(' ', count(*), sum(m.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(m.xmin), 2147483647), 0) * (m.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_am m
   WHERE m.oid >= 16384),
  (SELECT concat_ws(' ', count(*), sum(c.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(c.xmin), 2147483647), 0) * (c.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_ts_config c
   WHERE c.oid >= 16384),
  -- Who may alter what: memberships, of which one is that of the database's owner.
  (SELECT concat_ws(' ', count(*), sum((m.roleid::bigint * 65537 + m.member::bigint)),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(m.xmin), 2147483647), 0) * ((m.roleid::bigint * 65537 + m.member::bigint) % 999983 + 1)))
   FROM pg_catalog.pg_auth_members m),
  (SELECT concat_ws(' ', count(*), sum(d.oid::bigint),
     sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(d.xmin), 2147483647), 0) * (d.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_database d
   WHERE d.datname = pg_catalog.current_database()),
  (SELECT concat_ws(' ', r.rolname, r.rolsuper, r.rolinherit, r.rolbypassrls) FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),
  pg_catalog.current_schema()
)::text AS fingerprint
