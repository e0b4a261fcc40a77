import assert from 'node:assert/strict'
import type { BackupScope } from '../../../server/src/backup/backup-way'
import type { ObjectKind } from '../../../server/src/backup/contents/model'
import { hasRowsInScope, isObjectInScope } from '../../../server/src/backup/contents/within-scope'
import { inProcessorSeconds } from '../../support/processor-time'

describe('backup: what is within a scope of tables', () => {
  const scopeOf = (...tables: readonly string[]): BackupScope => ({
    kind: 'tables',
    tables: tables.map((table) => ({ schema: 'public', table })),
  })
  const isWithin = (scope: BackupScope, name: string, kind: ObjectKind = 'index') =>
    isObjectInScope(scope, { kind, name, fingerprint: null })

  it('the rows and the parts of these tables, however their names are quoted', () => {
    const scope = scopeOf('Lead', 'a.b', 'say "so"', 'plain')
    for (const name of ['public."Lead"', '"public"."a.b"', 'public."say ""so"""', 'public.plain', '"public"."plain"']) {
      assert.ok(hasRowsInScope(scope, name), name)
      assert.ok(isWithin(scope, name, 'table'), name)
      assert.ok(isWithin(scope, `${name}."an index"`), name)
      assert.ok(isWithin(scope, `${name}.an_index`), name)
      assert.ok(!isWithin(scope, name, 'function'), name)
    }
    for (const name of ['public."Leads"', 'other."Lead"', 'public.lead', 'public.a.b', 'public', 'Lead', '']) {
      assert.ok(!hasRowsInScope(scope, name), name)
      assert.ok(!isWithin(scope, name) && !isWithin(scope, `${name}.an_index`), name)
    }
  })

  it(
    'also among tens of thousands of objects, where thousands of tables are in it',
    inProcessorSeconds(30, () => {
      const scope = scopeOf(...Array.from({ length: 10_000 }, (_, index) => `Table${index}`))
      const names = Array.from({ length: 50_000 }, (_, index) => `public."Table${index}"`)
      assert.equal(names.filter((name) => hasRowsInScope(scope, name)).length, 10_000)
      assert.equal(names.filter((name) => isWithin(scope, `${name}.an_index`)).length, 10_000)
    }),
  )
})
