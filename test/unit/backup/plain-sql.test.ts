import assert from 'node:assert/strict'
import { portableStatements, withoutForeignSettings } from '../../../server/src/backup/plain-sql'

describe('withoutForeignSettings', () => {
  it('takes out of the head what older servers and other tools do not know', () => {
    const head = [
      '-- PostgreSQL database dump',
      '\\restrict abc',
      '-- Dumped from database version 15.18',
      '-- Dumped by pg_dump version 18.3',
      'SET lock_timeout = 0;',
      'SET transaction_timeout = 0;',
      '-- Name: User; Type: TABLE; Schema: public; Owner: -',
    ]
    assert.deepEqual(withoutForeignSettings(head.join('\n')).split('\n'), [head[0], head[4], head[6]])
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
      'SELECT 1',
    ]
    assert.deepEqual(
      [...portableStatements(dump.join(';\n'))],
      [options('n_distinct=5'), options('n_distinct_inherited=-1'), 'SELECT 1'],
    )
    const data = ["INSERT INTO t VALUES ('\nALTER TABLE ONLY t ALTER COLUMN c SET (pg_attver=3)')"]
    assert.deepEqual([...portableStatements(data.join(';'))], data)
  })
})
