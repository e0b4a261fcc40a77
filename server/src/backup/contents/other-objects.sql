-- Operators, casts, collations, text search, foreign servers and the like, with the definition of each.
WITH others AS (
  SELECT
    'pg_catalog.pg_operator'::pg_catalog.regclass::pg_catalog.oid AS classid,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      x.oprkind,
      x.oprcanmerge,
      x.oprcanhash,
      x.oprresult::pg_catalog.regtype,
      x.oprcode,
      NULLIF(x.oprcom, 0)::pg_catalog.regoperator,
      NULLIF(x.oprnegate, 0)::pg_catalog.regoperator,
      x.oprrest,
      x.oprjoin
    ) AS definition
  FROM pg_catalog.pg_operator AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_opclass'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      x.opcdefault,
      x.opcintype::pg_catalog.regtype,
      NULLIF(x.opckeytype, 0)::pg_catalog.regtype,
      (SELECT i.identity FROM pg_catalog.pg_identify_object('pg_catalog.pg_opfamily'::pg_catalog.regclass, x.opcfamily, 0) AS i)
    )
  FROM pg_catalog.pg_opclass AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_opfamily'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      (
      SELECT pg_catalog.string_agg(
        pg_catalog.concat_ws(
          ' ',
          m.amopstrategy,
          m.amoplefttype::pg_catalog.regtype,
          m.amoprighttype::pg_catalog.regtype,
          m.amoppurpose,
          m.amopopr::pg_catalog.regoperator
        ),
        ', ' ORDER BY m.amoplefttype::pg_catalog.regtype::pg_catalog.text, m.amoprighttype::pg_catalog.regtype::pg_catalog.text, m.amopstrategy
      )
      FROM pg_catalog.pg_amop AS m
      WHERE m.amopfamily OPERATOR(pg_catalog.=) x.oid
    ),
      (
      SELECT pg_catalog.string_agg(
        pg_catalog.concat_ws(
          ' ',
          m.amprocnum,
          m.amproclefttype::pg_catalog.regtype,
          m.amprocrighttype::pg_catalog.regtype,
          m.amproc
        ),
        ', ' ORDER BY m.amproclefttype::pg_catalog.regtype::pg_catalog.text, m.amprocrighttype::pg_catalog.regtype::pg_catalog.text, m.amprocnum
      )
      FROM pg_catalog.pg_amproc AS m
      WHERE m.amprocfamily OPERATOR(pg_catalog.=) x.oid
    )
    )
  FROM pg_catalog.pg_opfamily AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_cast'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      NULLIF(x.castfunc, 0)::pg_catalog.regprocedure,
      x.castcontext,
      x.castmethod
    )
  FROM pg_catalog.pg_cast AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_collation'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      x.collprovider,
      x.collisdeterministic,
      x.collencoding,
      x.collcollate,
      x.collctype,
      COALESCE(pg_catalog.to_jsonb(x) OPERATOR(pg_catalog.->>) 'colllocale', pg_catalog.to_jsonb(x) OPERATOR(pg_catalog.->>) 'colliculocale'),
      pg_catalog.to_jsonb(x) OPERATOR(pg_catalog.->>) 'collicurules'
    )
  FROM pg_catalog.pg_collation AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_conversion'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      x.conforencoding,
      x.contoencoding,
      x.conproc,
      x.condefault
    )
  FROM pg_catalog.pg_conversion AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_language'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      x.lanpltrusted,
      NULLIF(x.lanplcallfoid, 0)::pg_catalog.regprocedure,
      NULLIF(x.laninline, 0)::pg_catalog.regprocedure,
      NULLIF(x.lanvalidator, 0)::pg_catalog.regprocedure
    )
  FROM pg_catalog.pg_language AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_transform'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      x.trffromsql,
      x.trftosql
    )
  FROM pg_catalog.pg_transform AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_am'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      x.amtype,
      x.amhandler
    )
  FROM pg_catalog.pg_am AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      NULLIF(x.fdwhandler, 0)::pg_catalog.regprocedure,
      NULLIF(x.fdwvalidator, 0)::pg_catalog.regprocedure,
      ARRAY(SELECT o FROM pg_catalog.unnest(x.fdwoptions) AS u (o) ORDER BY o)
    )
  FROM pg_catalog.pg_foreign_data_wrapper AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_foreign_server'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      (SELECT w.fdwname FROM pg_catalog.pg_foreign_data_wrapper AS w WHERE w.oid OPERATOR(pg_catalog.=) x.srvfdw),
      x.srvtype,
      x.srvversion,
      ARRAY(SELECT o FROM pg_catalog.unnest(x.srvoptions) AS u (o) ORDER BY o)
    )
  FROM pg_catalog.pg_foreign_server AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_ts_config'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      (SELECT p.prsname FROM pg_catalog.pg_ts_parser AS p WHERE p.oid OPERATOR(pg_catalog.=) x.cfgparser),
      (
      SELECT pg_catalog.string_agg(
        pg_catalog.concat_ws(' ', m.maptokentype, m.mapdict::pg_catalog.regdictionary),
        ', ' ORDER BY m.maptokentype, m.mapseqno
      )
      FROM pg_catalog.pg_ts_config_map AS m
      WHERE m.mapcfg OPERATOR(pg_catalog.=) x.oid
    )
    )
  FROM pg_catalog.pg_ts_config AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_ts_dict'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      (SELECT t.tmplname FROM pg_catalog.pg_ts_template AS t WHERE t.oid OPERATOR(pg_catalog.=) x.dicttemplate),
      x.dictinitoption
    )
  FROM pg_catalog.pg_ts_dict AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_ts_parser'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      x.prsstart,
      x.prstoken,
      x.prsend,
      x.prsheadline,
      x.prslextype
    )
  FROM pg_catalog.pg_ts_parser AS x
  UNION ALL
  SELECT
    'pg_catalog.pg_ts_template'::pg_catalog.regclass,
    x.oid,
    pg_catalog.concat_ws(
      ' ',
      x.tmplinit,
      x.tmpllexize
    )
  FROM pg_catalog.pg_ts_template AS x
)
SELECT 'other' AS kind, pg_catalog.concat_ws(' ', i.type, i.identity) AS name, o.definition
FROM others AS o
CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.oid, 0) AS i
WHERE o.oid OPERATOR(pg_catalog.>=) 16384
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid OPERATOR(pg_catalog.=) o.classid AND d.objid OPERATOR(pg_catalog.=) o.oid AND d.deptype IN ('e', 'i')
  )
UNION ALL
-- Not the values of the options: one is a password, and a manifest is not encrypted.
SELECT
  'other',
  pg_catalog.format('user mapping for %I on server %I', COALESCE(pg_catalog.pg_get_userbyid(NULLIF(u.umuser, 0)), 'public'), u.srvname),
  ARRAY(SELECT o.option_name FROM pg_catalog.pg_options_to_table(u.umoptions) AS o ORDER BY o.option_name)::pg_catalog.text
FROM pg_catalog.pg_user_mappings AS u
