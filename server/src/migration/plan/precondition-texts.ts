import { patternsOf, phraseAmong } from '../../text/known-texts'
import { phraseText, type Phrase } from '../../text/phrase'

/** What an unmet precondition says, which its SQL says in English, as a phrase for an editor. */
export function phraseOfPrecondition(text: string): Phrase {
  return phraseAmong(PATTERNS, text)
}

/** The messages, reasons and hints of `steps/precondition.ts`. */
export const PRECONDITION_TEXTS: readonly string[] = [
  phraseText('{0} has rows that need a user, but {1} is empty.'),
  phraseText('Add a user first, or set "populate": "none" for {0} in the policy.'),
  phraseText('{0} is required, but the policy does not say which value existing rows get.'),
  phraseText(
    'Set "populate" for {0} in the policy to "first-user" or to an SQL expression, or set "required" to false.',
  ),
  phraseText(
    'Set "populate" for {0} in the policy to an SQL expression ({ "sql": "…" }), or make the column optional.',
  ),
  phraseText('{0} has duplicate values in {1}, so a unique index cannot be created.'),
  phraseText('Find them with GROUP BY and HAVING count(*) > 1, and change or delete the duplicates.'),
  phraseText(
    '{0} has rows that violate the CHECK constraint {1} (NOT VALID), so PostgreSQL rejects every UPDATE of them.',
  ),
  phraseText('Fix or delete those rows, drop the constraint, or set "populate" to "none" in the policy.'),
  phraseText('{0} has orphaned rows: their {1} does not exist in {2}.'),
  phraseText(
    'Fix or delete those rows, or set the column to NULL in them. If the column means something else, set "relation": false for {0} in the policy.',
  ),
  phraseText('Fix or delete those rows, or set the column to NULL in them.'),
  phraseText('The default of {0}, {1}, does not exist in {2}: every INSERT that omits the column would fail.'),
  phraseText(
    'Drop the default, or add that user. If the column means something else, set "relation": false for {0} in the policy.',
  ),
  phraseText('rows need a user, but {0} is empty.'),
  phraseText('rows that violate the CHECK constraint {0} (NOT VALID), so PostgreSQL rejects every UPDATE of them.'),
  phraseText('orphaned rows: their {0} does not exist in {1}.'),
  phraseText('{0} is required and has no database default, but the table has rows.'),
  phraseText('Give the field a @default; or make it optional, migrate, fill the rows, then make it required.'),
]

const PATTERNS = patternsOf(PRECONDITION_TEXTS)
