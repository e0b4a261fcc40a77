import assert from 'node:assert/strict'
import { phraseOfActualType } from '../../../server/src/audit/values/types'
import { changesOfFolder } from '../../../server/src/backup/backup-folder'
import { placeOfContainer } from '../../../server/src/backup/native/find-container'
import { requireDumpStatement } from '../../../server/src/backup/sql/dump-statements'
import { differencesOf } from '../../../server/src/database/server-identity'
import { AuditError, describeError } from '../../../server/src/errors'
import { dialogOf } from '../../../server/src/lsp/dialog-text'
import { whyNoKey } from '../../../server/src/migration/plan/key-to-reference'
import { dropTableWhenEmpty } from '../../../server/src/migration/plan/steps/drop-when-empty'
import { firstDifference } from '../../../server/src/migration/rehearsal/first-difference'
import { notReady } from '../../../server/src/smoke/errors'
import { boundedIn } from '../../../server/src/text/bounded-list'
import { phrase, phraseIn, type PhraseValue } from '../../../server/src/text/phrase'
import type { Translate } from '../../../server/src/text/translate'
import { columnOf } from '../audit/database-builder'
import { table } from '../migration/project'

/** A language without words: what is left of a text did not go through it. */
const wordless: Translate = (_, ...values) => values.join(' ')

describe('a reason within a sentence is in the language of the sentence:', () => {
  const check = (what: string, left: string, make: () => AuditError | PhraseValue) =>
    it(what, () => {
      const made = make()
      const text = made instanceof AuditError ? describeError(made, wordless) : phraseIn(wordless, phrase`${made}`)
      assert.equal(text.replaceAll(/\s+/g, ' ').trim(), left)
    })
  const rejection = (statement: string, part?: 'rows') => () => {
    try {
      requireDumpStatement('dump.sql', statement, part)
    } catch (error) {
      if (error instanceof AuditError) return error
    }
    throw new Error('It is accepted.')
  }
  const sums = (...files: [string, string][]) => new Map(files)
  const server = { systemIdentifier: '1', databaseOid: '1', address: '10.0.0.5', port: 5432 }
  const container = { engine: 'docker', program: '', image: 'postgres:15', isRootless: false, environment: {} } as const
  const domain = { ...columnOf('a mood'), base: columnOf('a text') }

  check('a statement that no dump has', 'dump.sql DO', rejection('DO $$ $$'))
  check('a command of psql', 'dump.sql', rejection('\\! id'))
  check('a query', 'dump.sql', rejection('SELECT evil()'))
  check('a computed value', 'dump.sql', rejection('INSERT INTO t VALUES (evil())'))
  check('a right to a role', 'dump.sql GRANT', rejection('GRANT a TO b'))
  check('a statement among rows', 'dump.sql DROP TABLE', rejection('DROP TABLE t', 'rows'))
  check('files that changed', '1, 3, 4', () =>
    changesOfFolder(sums(['1', 'a'], ['3', 'a']), sums(['3', 'b'], ['4', 'a'])),
  )
  check('where a pg_dump is', 'postgres:15 docker', () => placeOfContainer(container))
  check('a server without an address', '10.0.0.5:5432', () => differencesOf(server, { ...server, address: null }))
  check('what kind a table is', 'Lead', () => whyNoKey(table('Lead', { kind: 'materialized view' }), ['id']) ?? 'a key')
  check(
    'what a table holds',
    '"public"."Lead"',
    () => dropTableWhenEmpty({ schema: 'public', table: 'Lead' }).held.what,
  )
  check('what a domain is over', 'mood text', () => phraseOfActualType(domain))
  check('objects in another order', '', () => {
    const [first, second] = ['-- Name: 1; Type: 1; Schema: 1; Owner: \n', '-- Name: 2; Type: 2; Schema: 2; Owner: \n']
    return firstDifference(first + second, second + first)?.object ?? 'no difference'
  })
  check('an application that ended', '5 url', () => notReady('url', 5, { text: '', isGone: true }))
  check('the rest of a list', '1 2', () => boundedIn(wordless, ['1', '2', '3'], 1).join(' '))
  check('the rest of a question', '1 2 3 3', () => {
    const question = { message: '', detail: ['1', '2', '3', '4', '5', '6'], choices: [], yes: null }
    return dialogOf(wordless, question, String).detail.replaceAll('\n', ' ')
  })
})
