import { phrase, type Phrase } from '../../../text/phrase'
import * as z from 'zod'
import { loadSqlParser } from '../../../lint/parse/sql-parser'
import type { Step } from '../../model'
import { journalUnreadable } from '../own-schemas/errors'
import { findBuilder } from './builders'
import { name } from './parameters'
import { sqlFault, type SqlText } from './sql-texts'

/** A step in the journal. */
export interface StoredStep {
  /** For errors. */
  readonly label: string | Phrase
  /** JSON. */
  readonly definition: string
}

/**
 * Rebuilds the steps, with the builders that the plan used, from the parameters in the journal. Nothing is trusted: an
 * unknown builder, a parameter of the wrong type, and an expression that PostgreSQL's grammar does not parse as exactly
 * that are refused, with the step's name. Rejects with `journal-unreadable`.
 */
export async function rebuildSteps(stored: readonly StoredStep[]): Promise<Step[]> {
  const rebuilt = stored.map(rebuild)
  const texts = rebuilt.flatMap(({ label, texts }) => texts.map((text) => ({ label, text })))
  if (texts.length > 0) {
    const parser = await loadSqlParser()
    for (const { label, text } of texts) {
      const fault = sqlFault(parser, text)
      if (fault !== null)
        throw journalUnreadable(phrase`${label} has a text that is ${fault}: ${text.text.slice(0, 200)}`)
    }
  }
  return rebuilt.map(({ step }) => step)
}

/** The text of a step for the journal. Throws if it could not be read back, which would be a bug. */
export function definitionOf(step: Step): string {
  const { recipe, lookupSchema, down } = step
  // The arrow in our titles, which an encoding may lack; it has the names of the database.
  const definition = JSON.stringify({ ...recipe, lookupSchema, down }).replaceAll('→', '\\u2192')
  const again = rebuild({ label: step.title, definition }).step
  if (again.id !== step.id) throw new Error(`The recipe of the step ${step.id} builds ${again.id}.`)
  return definition
}

function rebuild({ label, definition }: StoredStep) {
  const recipe = recipeSchema.safeParse(parseJson(definition))
  if (!recipe.success) throw journalUnreadable(phrase`${label} has an unknown format.`)
  const builder = findBuilder(recipe.data.builder)
  if (builder === null) throw journalUnreadable(phrase`${label} has an unknown kind: ${recipe.data.builder}.`)
  const made = builder(recipe.data.parameters)
  if ('fault' in made) throw journalUnreadable(phrase`${label} has invalid parameters: ${made.fault}`)
  const { lookupSchema } = recipe.data
  const step: Step = lookupSchema === undefined ? made.step : { ...made.step, lookupSchema }
  return { label, step, texts: made.texts satisfies readonly SqlText[] }
}

const recipeSchema = z.strictObject({
  builder: z.string().max(100),
  parameters: z.unknown(),
  lookupSchema: name.exactOptional(),
  /** For people, who may have to undo a step themselves; not read here. */
  down: z.unknown().optional(),
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
