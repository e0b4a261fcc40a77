import { patternsOf, phraseAmong } from '../../text/known-texts'
import { phraseText, type Phrase } from '../../text/phrase'

/** How long a lock is held or a step takes, which the plan says in English, as a phrase for an editor. */
export function phraseOfCost(words: string): Phrase {
  return phraseAmong(PATTERNS, words)
}

/** The longer ones first where one begins as another does. */
const PATTERNS = patternsOf([
  phraseText('held briefly; ACCESS EXCLUSIVE on the indexes'),
  phraseText('held briefly; SHARE ROW EXCLUSIVE on all but {0}'),
  phraseText('held briefly; SHARE ROW EXCLUSIVE on {0}'),
  phraseText('held briefly'),
  phraseText('while rows are read'),
  phraseText('while the index is built'),
  phraseText('row locks, one batch at a time'),
  phraseText('one batch at a time'),
  phraseText('instant, once the lock is acquired'),
  phraseText('unknown: run ANALYZE on the table to get an estimate'),
  phraseText('unknown'),
  phraseText('under a second: {0} row at {1} rows/s'),
  phraseText('under a second: {0} rows at {1} rows/s'),
  phraseText('under a second'),
  phraseText('about {0} {1}: {2} rows at {3} rows/s'),
  phraseText('about {0} {1}'),
])
