import assert from 'node:assert/strict'
import { buildDatabaseModel } from '../../../server/src/database/catalog/build-database-model'
import { CATALOG_QUERIES, type CatalogRows } from '../../../server/src/database/catalog/queries'
import type { Row } from '../../../server/src/database/catalog/row'

/**
 * What a server answers now and then, or only a newer one: a reading that met a change, altered tables, other versions.
 */
describe('rows of the catalog', () => {
  const LEAD: Row = ['1', 'public', 'Lead', 'r', 'f', 'f', '10', '1', 't', 'f', null, 'f', 'f']
  const TYPES: Row[] = [
    ['23', 'integer', 'f', 'int4', 'pg_catalog', 'b', null, null, null],
    ['90', 'positive', 'f', 'positive', 'public', 'd', '23', 'integer', 't'],
    ['91', 'small', 'f', 'small', 'public', 'd', '90', 'positive', 'f'],
  ]
  const column = (
    position: string,
    name: string,
    type = '23',
    written: string | null = null,
    has: string | null = null,
  ) => ['1', position, name, type, null, 'f', '', '', written, has] satisfies Row

  const read = (given: Partial<CatalogRows>) => {
    const none = Object.fromEntries(Object.keys(CATALOG_QUERIES).map((name) => [name, []])) as unknown as CatalogRows
    const server: Row[] = [['app', '15.18', '150018', '8192', '["public"]']]
    return buildDatabaseModel({ ...none, server, tables: [LEAD], types: TYPES, ...given }, { schemas: ['public'] }, [])
  }
  const wentAway = (given: Partial<CatalogRows>) => {
    const { tables, unseen } = read(given)
    assert.deepEqual([tables.length, unseen.length], [0, 1])
  }

  it('come in any order, and make the columns of a table in its own', () => {
    const { tables } = read({ columns: [column('2', 'b'), column('1', 'a'), column('3', 'c')] })
    assert.deepEqual(
      tables[0]?.columns.map(({ name }) => name),
      ['a', 'b', 'c'],
    )
  })

  it('say of a domain that it is NOT NULL, also where one is that it stands on', () => {
    const { tables } = read({ columns: [column('1', 'a'), column('2', 'b', '90'), column('3', 'c', '91')] })
    assert.deepEqual(
      tables[0]?.columns.map(({ nullable }) => nullable),
      [true, false, false],
    )
  })

  it('leave out a table of which something could not be spelled out any more, and say so', () => {
    const columns = [column('1', 'a')]
    wentAway({ columns: [column('1', 'a', '23', null, '1')] })
    const constraint = (kind: string) =>
      ['1', 'c', kind, '{1}', '0', null, ' ', ' ', 'f', 't', '0', null, null, null] satisfies Row
    for (const kind of ['c', 'x', 'n']) wentAway({ columns, constraints: [constraint(kind)] })
    wentAway({ columns, triggers: [['1', 't', 'public', 'f', '7', 'O', null, 'f', 'f']] })
    const index = (predicate: string, expressions: string | null) =>
      ['5', '1', 'i', 'btree', 'f', 'f', 'f', 't', '1', '1', '0', '0', '1', null, predicate, expressions] satisfies Row
    wentAway({ columns, indexes: [index('t', null)] })
    wentAway({ columns, indexes: [index('f', '[null]')] })
    assert.equal(read({ columns, indexes: [index('f', null)] }).tables[0]?.indexes.length, 1)
  })

  it('say that a CHECK is not enforced, and take a trigger of an unknown state for one that fires', () => {
    const check = (enforced: string | null) => {
      const row = [
        '1',
        'c',
        'c',
        '{1}',
        '0',
        null,
        ' ',
        ' ',
        'f',
        't',
        '0',
        'CHECK (a > 0)',
        null,
        enforced,
      ] satisfies Row
      return read({ columns: [column('1', 'a')], constraints: [row] }).tables[0]?.checks[0]?.isEnforced
    }
    assert.deepEqual([check('f'), check('t'), check(null)], [false, undefined, undefined])
    const { tables } = read({ triggers: [['1', 't', 'public', 'f', '7', '?', 'CREATE TRIGGER', 'f', 'f']] })
    assert.equal(tables[0]?.triggers[0]?.state, 'O')
  })
})
