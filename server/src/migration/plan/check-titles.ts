import { patternsOf, phraseAmong } from '../../text/known-texts'
import { allOf, phrase, phraseText, type Phrase } from '../../text/phrase'
import type { CheckResult } from '../../verification/model'

/** The title of a check, which is English in reports for programs, as a phrase for an editor. */
export function phraseOfCheck(title: string): Phrase {
  const [, table = '', columns] = /^(.+) has (\S+(?: and \S+)*)$/s.exec(title) ?? []
  return columns === undefined ? phraseAmong(PATTERNS, title) : phrase`${table} has ${allOf(columns.split(' and '))}`
}

/** What a check expects, or what its query found, as a phrase; types, names and values stay as they are. */
export function phraseOfAnswer(answer: string): Phrase {
  const [, some, all] = /^(\d+) of (\d+)$/.exec(answer) ?? []
  return some === undefined || all === undefined ? phraseAmong(ANSWERS, answer) : phrase`${some} of ${all}`
}

export function phraseOfFound({ found, words }: Pick<CheckResult, 'found' | 'words'>): Phrase {
  return words ?? phraseOfAnswer(found)
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
  phraseText('{0} has the expected index'),
  phraseText('{0} has the expected indexes'),
  phraseText('{0} has the expected type'),
  phraseText('{0} has the trigger {1}'),
  phraseText('{0} is NOT NULL'),
  phraseText('{0} rejects NULL'),
  phraseText('{0} references {1}, validated for every row'),
  phraseText('{0} references {1}'),
]

const PATTERNS = patternsOf(CHECK_TITLES)

/** The answers in `checks/`. */
export const CHECK_ANSWERS: readonly string[] = [
  phraseText('{0} without a user'),
  phraseText('{0} without one'),
  phraseText('{0}, but the current time in UTC is {1}'),
  phraseText('disabled'),
  phraseText('enabled'),
  phraseText('enabled on replicas only'),
  phraseText('exists'),
  phraseText('invalid'),
  phraseText('missing'),
  phraseText('no'),
  phraseText('no default'),
  phraseText('no such column'),
  phraseText('none'),
  phraseText('not ours'),
  phraseText('not validated'),
  phraseText('nothing'),
  phraseText('on the column'),
  phraseText('ours'),
  phraseText('the current time in UTC'),
  phraseText('the default for existing rows'),
  phraseText('the default for new rows'),
  phraseText('the table has no rows to update'),
  phraseText('the table has no rows to update, or there are no users'),
  phraseText('the type of the user key'),
  phraseText('the user'),
  phraseText('valid'),
  phraseText('validated'),
  phraseText('yes'),
]

const ANSWERS = patternsOf(CHECK_ANSWERS)
