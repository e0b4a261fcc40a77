import { patternsOf, phraseAmong } from '../../text/known-texts'
import { phraseText, type Phrase } from '../../text/phrase'

/** The title of a check, which is English in reports for programs, as a phrase for an editor. */
export function phraseOfCheck(title: string): Phrase {
  return phraseAmong(PATTERNS, title)
}

/** The titles in `checks/`, the longer ones first where one begins as another does. */
export const CHECK_TITLES: readonly string[] = [
  phraseText('An UPDATE of {0} fills {1} with the user in app.actor'),
  phraseText('An UPDATE of {0} sets {1} to the current time in UTC'),
  phraseText('Every row of {0} has a value in {1}'),
  phraseText('Every {0} references an existing user'),
  phraseText('The enum type {0} has the expected values'),
  phraseText('The enum type {0} has the value {1}'),
  phraseText('The extension {0} exists'),
  phraseText('The function {0} exists'),
  phraseText('The index {0} exists'),
  phraseText('The index {0} is on {1}'),
  phraseText('The index {0} is valid'),
  phraseText('The schema {0} exists'),
  phraseText('The table {0} has the expected columns'),
  phraseText('The trigger {0} is disabled'),
  phraseText('The trigger {0} is dropped'),
  phraseText('The trigger {0} is enabled'),
  phraseText('{0} has a default'),
  phraseText('{0} has the default of the schema'),
  phraseText('{0} has the expected type'),
  phraseText('{0} is NOT NULL'),
  phraseText('{0} rejects NULL'),
  phraseText('{0} references {1}, validated for every row'),
  phraseText('{0} references {1}'),
]

const PATTERNS = patternsOf(CHECK_TITLES)
