-- Numbers that change when anything does that the catalog queries report: of each catalog the count of rows, the sum of
-- their oids, and a weighed sum of the transactions that wrote them, so that a row that is written again always counts
-- more; and the estimates, which ANALYZE and VACUUM write in place.
-- `age` counts back from the next transaction, whose number `age('1000') + 1000` gives back, so no text is made of
-- numbers; rows as old as the cluster have the greatest age there is, and count as written by 0. Expressions may name
-- things of any schema, so only columns are limited to the schemas and to what foreign keys point at. PostgreSQL's own
-- objects, with oids below 16384, stay as they are while the server runs.
-- moment.sql says when none of it need be worked out.
WITH clock AS MATERIALIZED (SELECT pg_catalog.age('1000'::pg_catalog.xid)::bigint + 1000 AS next),
described AS MATERIALIZED (
  SELECT c.oid FROM pg_catalog.pg_class c
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.oid >= 16384
    AND (c.relnamespace IN (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY (:schemas))
         OR c.oid IN (SELECT k.confrelid FROM pg_catalog.pg_constraint k WHERE k.confrelid >= 16384))
)
SELECT pg_catalog.json_build_array(
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(c.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(c.xmin), 2147483647), 0) * (c.oid::bigint % 999983 + 1)), pg_catalog.sum(c.relpages), pg_catalog.sum(c.reltuples::bigint))
   FROM pg_catalog.pg_class c
   WHERE c.oid >= 16384 AND c.relpersistence <> 't'),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum((a.attrelid::bigint * 1601 + a.attnum)),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(a.xmin), 2147483647), 0) * ((a.attrelid::bigint * 1601 + a.attnum) % 999983 + 1)))
   FROM described JOIN pg_catalog.pg_attribute a ON a.attrelid = described.oid
   WHERE a.attnum > 0),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(k.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(k.xmin), 2147483647), 0) * (k.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_constraint k
   WHERE k.oid >= 16384),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(i.indexrelid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(i.xmin), 2147483647), 0) * (i.indexrelid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_index i
   WHERE i.indexrelid >= 16384),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(t.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(t.xmin), 2147483647), 0) * (t.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_trigger t
   WHERE NOT t.tgisinternal),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(d.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(d.xmin), 2147483647), 0) * (d.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_attrdef d),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(e.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(e.xmin), 2147483647), 0) * (e.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_enum e),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(p.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(p.xmin), 2147483647), 0) * (p.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_proc p
   WHERE p.oid >= 16384),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(x.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(x.xmin), 2147483647), 0) * (x.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_extension x),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(n.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(n.xmin), 2147483647), 0) * (n.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_namespace n
   WHERE n.nspname !~ '^pg_(toast_)?temp_'),
  -- The type of a table's rows, and arrays, take their names from what is counted elsewhere.
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(t.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(t.xmin), 2147483647), 0) * (t.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_type t
   WHERE t.oid >= 16384 AND t.typtype <> 'c' AND NOT (t.typcategory = 'A' AND t.typelem <> 0)),
  -- Who owns which sequence: ALTER SEQUENCE OWNED BY writes this row too.
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(s.seqrelid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(s.xmin), 2147483647), 0) * (s.seqrelid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_sequence s),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(d.objid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(d.xmin), 2147483647), 0) * (d.objid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_depend d
   WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(d.objoid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(d.xmin), 2147483647), 0) * (d.objoid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_description d
   WHERE d.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objoid >= 16384),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(o.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(o.xmin), 2147483647), 0) * (o.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_operator o
   WHERE o.oid >= 16384),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(o.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(o.xmin), 2147483647), 0) * (o.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_opclass o
   WHERE o.oid >= 16384),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(c.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(c.xmin), 2147483647), 0) * (c.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_collation c
   WHERE c.oid >= 16384),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(l.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(l.xmin), 2147483647), 0) * (l.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_language l),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(m.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(m.xmin), 2147483647), 0) * (m.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_am m
   WHERE m.oid >= 16384),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(c.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(c.xmin), 2147483647), 0) * (c.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_ts_config c
   WHERE c.oid >= 16384),
  -- Who may alter what: memberships, of which one is that of the database's owner.
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum((m.roleid::bigint * 65537 + m.member::bigint)),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(m.xmin), 2147483647), 0) * ((m.roleid::bigint * 65537 + m.member::bigint) % 999983 + 1)))
   FROM pg_catalog.pg_auth_members m),
  (SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(d.oid::bigint),
     pg_catalog.sum(COALESCE((SELECT next FROM clock) - NULLIF(pg_catalog.age(d.xmin), 2147483647), 0) * (d.oid::bigint % 999983 + 1)))
   FROM pg_catalog.pg_database d
   WHERE d.datname = pg_catalog.current_database()),
  (SELECT pg_catalog.concat_ws(' ', r.rolname, r.rolsuper, r.rolinherit, r.rolbypassrls) FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),
  (SELECT pg_catalog.string_agg(s.oid::pg_catalog.text, ' ' ORDER BY s.oid) FROM pg_catalog.pg_roles s WHERE s.rolsuper)
)::pg_catalog.text AS fingerprint
