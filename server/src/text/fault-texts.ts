import { patternsOf, phraseAmong } from './known-texts'
import { phraseText, type Phrase } from './phrase'

/** What a query says in English about objects of others, as a phrase for an editor. */
export function phraseOfFault(text: string): Phrase {
  const { template, values } = phraseAmong(FAULTS, text)
  return { template, values: values.map((value) => (typeof value === 'string' ? phraseAmong(OBJECTS, value) : value)) }
}

/** Of `*-faults.sql`, `own-schema-trust.sql`, `journal-writers.sql` and `code-of-others`; the longer ones first. */
const FAULTS = patternsOf([
  phraseText('{0} has the type {1} of the role {2}'),
  phraseText('{0} is a type of the role {1}'),
  phraseText('its trigger {0} calls a function of the role {1}'),
  phraseText('{0} calls a function of the role {1}'),
  phraseText('{0} calls {1} of the role {2}'),
  phraseText("{0} is not Prisma's, and the table belongs to the role {1}"),
  phraseText('the type of {0} belongs to the role {1}'),
  phraseText("the type of {0} is not PostgreSQL's own"),
  phraseText('the schema {0} belongs to the role {1}'),
  phraseText('{0} belongs to the role {1}'),
  phraseText('the role {0} may create objects in the schema {1}'),
  phraseText('the role {0} has {1} on {2}'),
  phraseText('it has the rule {0}'),
  phraseText('{0} has the trigger {1}'),
  phraseText('{0} has row security'),
  phraseText('{0} has a rule'),
  phraseText('{0} is no ordinary table'),
  phraseText('the table {0} inherits from it'),
  phraseText('{0} inherits, or is inherited from'),
  phraseText('the trigger {0} of {1} calls a function of {2}'),
  phraseText('{0} calls the function {1}'),
  phraseText('the function {0} is called'),
  phraseText('{0} is read, which it may not read itself'),
  phraseText('the {0} {1} belongs to {2}'),
  phraseText('row-level security hides rows of it'),
  phraseText('it is a view'),
  phraseText('it is a materialized view'),
  phraseText('it is a foreign table'),
  phraseText('it is partitioned'),
  phraseText('it is no table'),
])

/** What a fault begins with. */
const OBJECTS = patternsOf([
  phraseText('the trigger {0}'),
  phraseText('the constraint {0} of {1}'),
  phraseText('the constraint {0}'),
  phraseText('the default of {0}'),
  phraseText('the index {0} of {1}'),
  phraseText('the index {0}'),
  phraseText('the partition key of {0}'),
  phraseText('the statistics object {0} of {1}'),
  phraseText('the statistics object {0}'),
])
