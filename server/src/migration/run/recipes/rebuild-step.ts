import * as z from 'zod'
import { loadSqlParser } from '../../../lint/parse/sql-parser'
import type { Step } from '../../model'
import { journalUnreadable } from '../own-schemas/errors'
import { BUILDERS } from './builders'
import { name } from './parameters'
import { sqlFault, type SqlText } from './sql-texts'

/** What the journal has of a step. */
export interface StoredStep {
  /** For the errors. */
  readonly label: string
  /** JSON. */
  readonly definition: string
}

/**
 * Makes the steps again, by the very builders that the plan used, from what a journal says that they were given. Nothing of
 * it is taken on trust: a builder that is not known, a parameter that is not of its type and an expression that
 * PostgreSQL's grammar does not take for just that are refused, with the step's name. Rejects with `journal-unreadable`.
 */
export async function rebuildSteps(stored: readonly StoredStep[]): Promise<Step[]> {
  const rebuilt = stored.map(rebuild)
  const texts = rebuilt.flatMap(({ label, texts }) => texts.map((text) => ({ label, text })))
  if (texts.length > 0) {
    const parser = await loadSqlParser()
    for (const { label, text } of texts) {
      const fault = sqlFault(parser, text)
      if (fault !== null) throw journalUnreadable(`${label} has a text that is ${fault}: ${text.text.slice(0, 200)}`)
    }
  }
  return rebuilt.map(({ step }) => step)
}

/** The text of a step for the journal. Throws where it would not be read again, which would be a fault of the program. */
export function definitionOf(step: Step): string {
  const { recipe, lookupSchema, down } = step
  // The arrow of our titles, which an encoding may lack; names of the database it has.
  const definition = JSON.stringify({ ...recipe, lookupSchema, down }).replaceAll('→', '\\u2192')
  const again = rebuild({ label: step.title, definition }).step
  if (again.id !== step.id) throw new Error(`The recipe of the step ${step.id} builds ${again.id}.`)
  return definition
}

function rebuild({ label, definition }: StoredStep) {
  const recipe = recipeSchema.safeParse(parseJson(definition))
  if (!recipe.success) throw journalUnreadable(`${label} has an unknown format.`)
  const builder = BUILDERS[recipe.data.builder]
  if (builder === undefined) throw journalUnreadable(`${label} has an unknown kind: ${recipe.data.builder}.`)
  const made = builder(recipe.data.parameters)
  if ('fault' in made) throw journalUnreadable(`${label} has invalid parameters: ${made.fault}`)
  const { lookupSchema } = recipe.data
  const step: Step = lookupSchema === undefined ? made.step : { ...made.step, lookupSchema }
  return { label, step, texts: made.texts satisfies readonly SqlText[] }
}

const recipeSchema = z.strictObject({
  builder: z.string().max(100),
  parameters: z.unknown(),
  lookupSchema: name.exactOptional(),
  /** For people, who may have to take a step back by hand; not looked at here. */
  down: z.unknown().optional(),
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
