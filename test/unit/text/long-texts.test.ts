import assert from 'node:assert/strict'
import { isLoggedIn } from '../../../server/src/application/selects/row-evidence'
import { componentScripts } from '../../../server/src/application/component-scripts'
import { silencedLines } from '../../../server/src/application/silenced-lines'
import { plpgsqlEffect } from '../../../server/src/audit/plpgsql-effect'
import { describeActualDefault } from '../../../server/src/audit/values/defaults'
import { portableStatements } from '../../../server/src/backup/sql/portable-statements'
import type { Column } from '../../../server/src/database/model'
import { copiesRowsInto } from '../../../server/src/migration/plan/copied-rows'
import { sqlOnOneLine } from '../../../server/src/text/safe-text'

/**
 * Texts of a database, a backup or a repository for which a regular expression can take the square of their length, or
 * longer than anyone waits. There is no limit here but mocha's own: each of these once took hours.
 */
describe('texts of several megabytes', () => {
  const LENGTH = 4_000_000
  const filled = (part: string): string => part.repeat(LENGTH / part.length)
  const spaces = filled(' ')
  const column = (text: string): Column => ({
    ...{ name: 'a', type: 'text', typeName: 'text', typeSchema: 'pg_catalog', isArray: false, typeKind: 'b' },
    ...{ nullable: true, default: text, identity: null, generated: null, ownedSequence: null },
  })

  it('a default of spaces', () => {
    assert.equal(describeActualDefault(column(`'${spaces}'::text`)).length, LENGTH + "default ''::text".length)
    assert.equal(
      describeActualDefault(column('CASE\n    WHEN true THEN 1\n\nEND')),
      'default CASE WHEN true THEN 1 END',
    )
  })

  it('a definition of spaces', () => {
    assert.equal(sqlOnOneLine(`CHECK (a <> '${spaces}b')  `).length, LENGTH + "CHECK (a <> 'b')".length)
  })

  for (const [name, part] of [
    ['dollar quotes', ''],
    ['comments', '/* '],
    ['strings with escapes', `e'\\' `],
  ] as const) {
    it(`a function with ${name} that are never closed`, () => {
      const body =
        part === '' ? Array.from({ length: LENGTH / 10 }, (_, index) => `$a${index}$ `).join('') : filled(part)
      assert.equal(plpgsqlEffect(`BEGIN NEW.at := now(); RETURN NEW; END; ${body}`, 'at', 'UPDATE'), 'sets')
    })
  }

  it('a function that copies rows, with spaces in a string', () => {
    assert.equal(copiesRowsInto(`INSERT INTO log SELECT '${spaces}', 1; INSERT INTO b SELECT NEW.*`), 'b')
  })

  it('a statement of a dump about a name of quotes', () => {
    const statement = `ALTER TABLE ONLY public."${'""'.repeat(31)}" ADD CONSTRAINT a CHECK (true)`
    assert.deepEqual([...portableStatements(statement, 15)], [statement])
  })

  it('a line of comment marks', () => {
    for (const mark of ['/', '*', '#']) {
      assert.equal(silencedLines(`${filled(mark)} a @audit-ignore`).size, 0)
      assert.equal(silencedLines(`${filled(mark)} @audit-ignore`).size, 1)
    }
  })

  it('a component whose comments, tags and attributes are never closed', () => {
    for (const part of ['<!-- ', '<script ', '<script "', "<script '", '<script>', '<script> </script ']) {
      assert.equal(componentScripts(filled(part)).text.trim(), '')
    }
  })

  it('an expression of types', () => {
    assert.equal(isLoggedIn(filled('user as ')), false)
    assert.equal(isLoggedIn('(req.user as User<string, number>).id'), true)
  })
})
