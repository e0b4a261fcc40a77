import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { phraseOfFault } from '../../../server/src/text/fault-texts'
import { inPlainEnglish, phraseIn } from '../../../server/src/text/phrase'
import { createTranslate } from '../../../server/src/text/translate'

const QUERIES = [
  'backup/tables/code-of-others.sql',
  'database/queries/table-surroundings.sql',
  'migration/run/journal/journal-writers.sql',
  'migration/run/own-schemas/own-schema-trust.sql',
  'migration/run/prisma-history/prisma-history-faults.sql',
]

describe('what a query says about objects of others', () => {
  const read = (file: string) => fs.readFileSync(path.join(__REPOSITORY__, file), 'utf8')
  const german = createTranslate(JSON.parse(read('l10n/bundle.l10n.de.json')) as Record<string, string>, 'de')

  for (const query of QUERIES)
    it(`is known in ${query}, so that an editor shows it in its language`, () => {
      const texts = [...read(`server/src/${query}`).matchAll(/'((?:[^'\n]|'')*\p{L}{2,} (?:[^'\n]|'')*)'/gu)]
        .map(([, text = '']) => text.replaceAll("''", "'"))
        // Names with their roles end other texts.
        .filter((text) => !/^%[Is](?:\.%I\(\))? of the role %I$/.test(text))
        .map((text) => text.replace(/ (calls|has the type) %s$/, ' $1 %s of the role %I').replace(/%[Is]/g, 'x'))
      assert.ok(texts.length > 3)
      for (const text of texts) {
        // What begins other texts.
        const whole = /^the (?:constraint|index|default of|statistics object) x$/.test(text)
          ? `${text} has a rule`
          : text
        assert.equal(inPlainEnglish(phraseOfFault(whole)), whole)
        const shown = phraseIn(german, phraseOfFault(whole))
        assert.doesNotMatch(shown, /\b(?:the|of|it|its|is|has|calls|role)\b/, `not in FAULTS: ${text}`)
      }
    })
})
