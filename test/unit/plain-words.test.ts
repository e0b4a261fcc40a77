import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'

/** Words that texts for people do not use: CONTRIBUTING.md's glossary has the others. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\b(?:is|are|stands?) there already\b|\balready there and\b/i, 'already exists'],
  [/\bleft as (?:it is|they are)\b/i, 'left unchanged'],
  [/\bnot (?:to be )?had\b|\block is had\b/i, 'could not acquire'],
  [/\bcame about\b/i, 'could not establish'],
  [/\bat your word\b/i, 'cancelled'],
  [/\bbeyond Prisma\b/i, 'not managed by Prisma'],
  [/\bmend(?:s|ed)?\b/i, 'fix'],
  [/\banew\b/i, 'again, recreate, rewrite'],
  [/\bbroke off\b|\bbreaks off\b/i, 'was interrupted'],
  [/\b(?:way|ways) (?:back|up|down)\b/i, 'rollback, up, down'],
  [/\b(?:nobody|everybody|somebody)\b(?!@)/i, 'what is blocked, or which session'],
  [/\bgo(?:es)? past Prisma\b/i, 'bypass Prisma'],
  [/\bis no (?:single |valid )?(?:timestamp|block|field|index|type|name)\b/i, 'is not a …'],
  [/\bof a known form\b/i, 'has an unknown format'],
  [/\b(?:stand|stands) (?:already|beside|behind)\b/i, 'exists'],
  [/\bmade[- ]up rows?\b/i, 'generated rows'],
  [/\brefuses? (?:rows|each|every|writes)\b/i, 'rejects'],
  [/\bas in ["`[]/i, 'such as'],
  [/\bleft out: /i, 'default: …'],
  [/\bin the schema alone\b/i, 'only in the schema'],
  [/\bcalled so\b/i, 'invalid arguments'],
  [/\b(?:was|were) there before\b/i, 'existing'],
  [/\b(?:is|are) not there\b|\bnot there any ?more\b/i, 'does not exist, is missing, no longer exists'],
  [/\bas you chose\b/i, 'by your choice'],
  [/\bwho acts\b/i, 'the current user'],
  [/\brefused the login\b/i, 'authentication failed'],
  [/\b(?:fewer|more|your|superuser) rights\b/i, 'privileges'],
  [/\b(?:exists?|runs) already\b/i, 'already exists, is already running'],
  [/\bnames? no\b/i, 'has no …'],
  [/\bbeside (?:it|the)\b/i, 'next to'],
  [/, since (?!\{)/i, 'because'],
  [/\bmeanwhile\b/i, 'while …, since then'],
  [/\bby hand\b/i, 'yourself, manually'],
  [/\b(?:was|were) ended by\b|\bended with exit code\b/i, 'was killed by, exited with code'],
  [/\b(?:in|out)side of\b/i, 'inside, outside'],
  [/\botherwise than\b/i, 'differently'],
  [/\bis no (?:user|number|policy|backup)\b/i, 'is not a …'],
  [/\bgave no\b/i, 'returned no'],
  [/\bstands? in\b/i, 'is in'],
  [/\b(?:whoever|whatever)\b/i, 'the role that, any'],
  [/\b(?:beforehand|afresh|turned away)\b/i, 'in advance, again, dismissed'],
  [/\bcarr(?:y|ies|ied) out\b/i, 'run'],
  [/\bto its end\b/i, 'completely'],
  [/\bthe like\b/i, 'similar'],
]

describe('texts for people', () => {
  it('use the words of Prisma and PostgreSQL, and none that CONTRIBUTING.md replaces', () => {
    const rooms = ['server/src', 'client/src', 'protocol/src'].map((room) => path.join(__REPOSITORY__, room))
    const files = rooms.flatMap((room) =>
      fs.readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => path.join(room, file)),
    )
    const odd = files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        textLinesOf(file).flatMap((line) =>
          FORBIDDEN.filter(([words]) => words.test(line)).map(([, better]) => `${file}: ${line} (say: ${better})`),
        ),
      )
    assert.deepEqual(odd, [])
  })
})

/** Lines with a quoted text, without comments and SQL. */
function textLinesOf(file: string): string[] {
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) => /['"`]/.test(line) && !/^(?:\/\/|\/?\*|import )/.test(line) && !/pg_catalog\.|\bSELECT\b/.test(line),
    )
    .map((line) => line.replace(/ \/\/ .*$/, ''))
}
