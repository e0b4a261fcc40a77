import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { PRECONDITION_TEXTS, phraseOfPrecondition } from '../../../server/src/migration/plan/precondition-texts'
import * as preconditions from '../../../server/src/migration/plan/steps/precondition'
import type { Step } from '../../../server/src/migration/model'
import { inPlainEnglish, phraseIn } from '../../../server/src/text/phrase'
import { createTranslate } from '../../../server/src/text/translate'

/** Stands for each kind of place: the columns and tables that a precondition may name. */
const place = {
  ...{ schema: 'public', table: 'my "leads"', column: 'ownerId', field: 'ownerId', estimatedRows: null },
  ...{ name: 'Lead_key', columns: ['ownerId'], condition: 'true', databaseTable: null, foreignKey: null },
  referenced: { schema: 'public', table: 'User', columns: ['id'] },
}

const MADE: Readonly<Partial<Record<keyof typeof preconditions, readonly (readonly unknown[])[]>>> = {
  usersExist: [[place, place]],
  tableIsEmpty: [[{ ...place, shape: 'user' }], [place]],
  noDuplicates: [[place, 'Lead_key', ['ownerId', 'b']]],
  rowsPassCheck: [[place, place]],
  noOrphans: [[place], [place, place]],
  defaultNamesUser: [[place, place, '1']],
  noRowsFor: [[place]],
}

describe('what an unmet precondition says', () => {
  const bundle = fs.readFileSync(path.join(__REPOSITORY__, 'l10n/bundle.l10n.de.json'), 'utf8')
  const german = createTranslate(JSON.parse(bundle) as Record<string, string>, 'de')

  it('is known, so that an editor shows it in its language', () => {
    const makers = Object.entries(preconditions).filter(([, made]) => typeof made === 'function')
    const used = new Set<string>()
    for (const [name, make] of makers) {
      if (name === 'forgottenPrecondition') continue
      const given = MADE[name as keyof typeof preconditions]
      assert.ok(given !== undefined, `make ${name} here, too`)
      for (const values of given) {
        const { up, refusal } = (make as (...values: readonly unknown[]) => Pick<Step, 'up' | 'refusal'>)(...values)
        const said = [...up.join('\n').matchAll(/(?:MESSAGE|HINT) = '((?:[^']|'')*)'/g)].map(([, text = '']) => text)
        assert.equal(said.length, 2, name)
        const [, hint = ''] = said
        const reasons = refusal === undefined ? [] : [refusal.slice(0, -` ${hint}`.length)]
        for (const text of [...said.map((each) => each.replaceAll("''", "'")), ...reasons]) {
          const shown = phraseOfPrecondition(text)
          assert.equal(inPlainEnglish(shown), text)
          assert.notEqual(phraseIn(german, shown), text, `not in PRECONDITION_TEXTS, or not translated: ${text}`)
          used.add(shown.template.join('…'))
        }
      }
    }
    assert.deepEqual(
      PRECONDITION_TEXTS.filter((text) => !used.has(text.split(/\{\d+\}/).join('…'))),
      [],
    )
  })
})
