import assert from 'node:assert/strict'
import { allOf, fixedPhrase, inPlainEnglish, phrase, phraseIn } from '../../../server/src/text/phrase'
import { createTranslate, inEnglish } from '../../../server/src/text/translate'

describe('a phrase', () => {
  const german = createTranslate({
    'The {0} "{1}" is not in {2}.{3}': 'In {2} fehlt: {0} "{1}".{3}',
    table: 'Tabelle',
    ' Also: {0}.': ' Ebenso: {0}.',
    'index "{0}"': 'Index "{0}"',
  })
  const more = phrase` Also: ${[phrase`index "a"`, 'b', phrase`index "${'c'}"`]}.`
  const said = phrase`The ${fixedPhrase('table')} "${'x'}" is not in ${'{1}'}.${more}`

  it('is the template in English', () => {
    assert.equal(inPlainEnglish(said), 'The table "x" is not in {1}. Also: index "a", b, index "c".')
  })

  it('is another sentence in another language, its parts in their order there; what has no translation stays', () => {
    assert.equal(phraseIn(german, said), 'In {1} fehlt: Tabelle "x". Ebenso: index "a", b, Index "c".')
  })

  it('groups numbers as its language does, as every text with values', () => {
    const counted = createTranslate({ '{0} of {1} steps': '{0} von {1} Schritten' }, 'de')
    assert.equal(phraseIn(counted, phrase`${1742} of ${'1066'} steps`), '1.742 von 1066 Schritten')
    assert.equal(counted('{0} of {1} steps', 12, 2066.4), '12 von 2.066 Schritten')
    assert.equal(inPlainEnglish(phrase`about ${1742} rows`), 'about 1,742 rows')
    assert.equal(inEnglish('All {0} checks passed', 2925), 'All 2,925 checks passed')
  })

  it('names all of thousands, as many as a statement may have', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `t${index}`)
    assert.equal(inPlainEnglish(phrase`${allOf(names)}.`), `${names.join(' and ')}.`)
    assert.deepEqual([allOf([]), allOf(['a'])], ['', 'a'])
  })
})
