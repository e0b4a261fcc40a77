import assert from 'node:assert/strict'
import { portableStatements, withoutForeignSettings } from '../../../server/src/backup/sql/portable-statements'

describe('withoutForeignSettings', () => {
  it('takes out of the head what older servers and other tools do not know', () => {
    const head = [
      '-- PostgreSQL database dump',
      '\\restrict abc',
      '-- Dumped from database version 15.18',
      '-- Dumped by pg_dump version 18.3',
      'SET lock_timeout = 0;',
      'SET transaction_timeout = 0;',
      '\\unrestrict abc',
      '-- See -- Dumped by hand',
      '-- Name: User; Type: TABLE; Schema: public; Owner: -',
    ]
    const kept = [head[0], head[4], head[7], head[8]]
    assert.deepEqual(withoutForeignSettings(head.join('\n')).split('\n'), kept)
    assert.deepEqual(withoutForeignSettings(head.slice(0, -1).join('\n')).split('\n'), kept.slice(0, -1))
  })

  it('leaves data alone that looks like that', () => {
    const dump = "-- Data for Name: t; Type: TABLE DATA\nINSERT INTO t VALUES ('\nSET transaction_timeout = 0;\n');"
    assert.equal(withoutForeignSettings(dump), dump)
  })
})

describe('portableStatements', () => {
  it('leaves out column options that other servers do not know', () => {
    const options = (list: string) =>
      `--\n-- Name: a\n--\n\nALTER TABLE ONLY public."A ""b;""" ALTER COLUMN "c d" SET (${list})`
    const dump = [
      options('pg_attver=3'),
      options('pg_attver=3, n_distinct=5'),
      options('n_distinct_inherited=-1'),
      options('n_distinct=5, n_distinct_inherited=-1'),
      options('own.n_distinct=1'),
      'SELECT 1',
    ]
    assert.deepEqual(
      [...portableStatements(dump.join(';\n'), 18)],
      [
        options('n_distinct=5'),
        options('n_distinct_inherited=-1'),
        options('n_distinct=5, n_distinct_inherited=-1'),
        'SELECT 1',
      ],
    )
    const statement = (table: string) => `ALTER ${table} public.a ALTER COLUMN c SET (pg_attver=3)`
    const tables = ['TABLE', 'TABLE ONLY', 'FOREIGN TABLE', 'MATERIALIZED VIEW', 'VIEW'].map(statement)
    assert.deepEqual([...portableStatements(tables.join(';'), 18)], [])
    const data = [
      "INSERT INTO t VALUES ('\nALTER TABLE ONLY t ALTER COLUMN c SET (pg_attver=3)')",
      `COMMENT ON TABLE t IS 'a' -- ALTER TABLE ONLY t ALTER COLUMN c SET (pg_attver=3)`,
    ]
    assert.deepEqual([...portableStatements(data.join(';'), 18)], data)
  })

  it('creates subscriptions without the option that servers before 16 do not know', () => {
    const create = (options: string) =>
      `--\n-- Name: s\n--\n\nCREATE SUBSCRIPTION s CONNECTION 'a, run_as_owner = true)' PUBLICATION p WITH (connect = false${options})`
    const newer = create(', run_as_owner = true, synchronous_commit = off')
    assert.deepEqual([...portableStatements(newer, 15)], [create(', synchronous_commit = off')])
    assert.deepEqual([...portableStatements(newer, 16)], [newer])
    const data = "INSERT INTO t VALUES ('CREATE SUBSCRIPTION s WITH (connect = false, run_as_owner = true)')"
    assert.deepEqual([...portableStatements(data, 15)], [data])
  })
})
