import { patternsOf, phraseAmong } from '../../text/known-texts'
import { phraseText, type Phrase } from '../../text/phrase'

/**
 * A step's title as a phrase. Titles are English and stored with the step, in the journal too; an editor shows them in
 * its own language. One that is not in the list, such as that of an older version, stays as it is.
 */
export function phraseOfTitle(title: string): Phrase {
  return phraseAmong(PATTERNS, title)
}

/** All titles of steps, the longer ones first where one begins as another does. */
export const STEP_TITLES: readonly string[] = [
  phraseText('Add column {0}'),
  phraseText('Add foreign key {0} → {1}'),
  phraseText('Add value {0} to enum type {1}'),
  phraseText("Attach the partitions' foreign keys to {0} → {1}"),
  phraseText("Attach the partitions' indexes to {0}"),
  phraseText('Check that the default of {0} is a user'),
  phraseText('Check that the rows of {0} satisfy {1}, which is NOT VALID'),
  phraseText('Check that {0} has a user for existing rows of {1}'),
  phraseText('Check that {0} has no duplicates'),
  phraseText('Check that {0} has no orphaned rows'),
  phraseText('Check that {0} has no rows, as {1} is NOT NULL'),
  phraseText('Check {0} preserved {1} in {2}'),
  phraseText('Create enum type {0}'),
  phraseText('Create extension {0}'),
  phraseText('Create function {0}()'),
  phraseText('Create index on {0}'),
  phraseText('Create partitioned index {0} on {1}'),
  phraseText('Create schema {0}'),
  phraseText('Create table {0}'),
  phraseText('Create trigger to fill {0} with the user in app.actor'),
  phraseText('Create trigger to keep a value that a statement sets in {0}'),
  phraseText('Create trigger to keep the other columns of {0} unchanged while filling'),
  phraseText('Create trigger to maintain {0}'),
  phraseText('Disable trigger {0} on {1}, replaced by ours'),
  phraseText('Drop the default of {0}'),
  phraseText('Drop the trigger that kept the other columns of {0} unchanged'),
  phraseText('Enable trigger {0} on {1}'),
  phraseText('Fill {0} in rows added since'),
  phraseText('Fill {0} with the first user'),
  phraseText('Fill {0} from {1}'),
  phraseText('Fill {0}'),
  phraseText('Preserve the values written to {0}'),
  phraseText("Record migration {0} in Prisma's history"),
  phraseText('Require {0} in new rows'),
  phraseText('Restore {0} preserved values to {1}'),
  phraseText("Set the schema's default on {0}"),
  phraseText('Set the default of {0}'),
  phraseText('Set {0} NOT NULL'),
  phraseText('Validate foreign key {0}'),
  phraseText('Validate that {0} is never NULL'),
]

const PATTERNS = patternsOf(STEP_TITLES)
