import * as z from 'zod'
import { loadSqlParser } from '../../../lint/parse/sql-parser'
import { PRISMA_MIGRATIONS } from '../../history/record-step'
import type { Step } from '../../model'
import { namesIn, type SqlText } from './sql-texts'
import { BUILDERS } from './builders'
import { FORMER_BUILDER } from './former-step'

/** What steps of a journal name; see `journal-writers.sql`. */
export interface NamesOfSteps {
  /** Every name among the parameters, of whatever it is: schemas, tables, columns, functions, triggers, types. */
  readonly names: readonly string[]
  /** Every name in the parameters that are SQL. */
  readonly inTexts: readonly string[]
  /** Of those, the functions. */
  readonly functions: readonly string[]
  /** And the relations that are read. */
  readonly relations: readonly RelationRead[]
  /** Where unqualified names are looked up. */
  readonly lookupSchemas: readonly string[]
}

interface RelationRead {
  readonly schema: string
  readonly name: string
  /** Where nothing but a column of it is read, to fill another with: that column, and the other one. */
  readonly key?: string
  readonly ofSchema?: string
  readonly ofTable?: string
  readonly ofColumn?: string
}

/** `way`: what is to be done with them. Of a default that the way back does not mention, nothing is run. */
export async function namesOfSteps(steps: readonly Step[], way: 'up' | 'back'): Promise<NamesOfSteps> {
  const parser = await loadSqlParser()
  const [names, inTexts, functions, lookupSchemas] = [0, 0, 0, 0].map(() => new Set<string>()) as [
    ...[Set<string>, Set<string>, Set<string>, Set<string>],
  ]
  const relations: RelationRead[] = []
  for (const step of steps) {
    const { recipe, lookupSchema, schema, table } = step
    for (const name of [schema, table, ...stringsIn(recipe.parameters)]) names.add(name)
    if (step.kind === 'record-history') names.add(PRISMA_MIGRATIONS)
    if (lookupSchema !== undefined) lookupSchemas.add(lookupSchema)
    for (const text of textsOf(step).filter((each) => way === 'up' || isInWayBack(step, each))) {
      const found = namesIn(parser, text)
      for (const name of found.all) inTexts.add(name)
      for (const name of found.functions) functions.add(name)
      for (const { schema: named, name } of found.relations) {
        const of = step.batch === null ? {} : { ofSchema: schema, ofTable: table, ofColumn: step.batch.column }
        const read = found.onlyColumn === null ? {} : { key: found.onlyColumn, ...of }
        relations.push({ schema: named ?? lookupSchema ?? '', name, ...read })
      }
    }
  }
  return {
    names: [...names],
    inTexts: [...inTexts],
    functions: [...functions],
    relations,
    lookupSchemas: [...lookupSchemas],
  }
}

function textsOf({ recipe }: Step): readonly SqlText[] {
  if (recipe.builder === FORMER_BUILDER) return formerParameters.parse(recipe.parameters).texts
  const made = BUILDERS[recipe.builder]?.(recipe.parameters)
  return made === undefined || 'fault' in made ? [] : made.texts
}

/** Types are taken for it always. */
function isInWayBack({ down, holdsData }: Step, { kind, text }: SqlText): boolean {
  return kind === 'type' || [...down, holdsData?.count ?? ''].some((statement) => statement.includes(text))
}

const formerParameters = z.object({
  texts: z.array(z.object({ text: z.string(), kind: z.enum(['type', 'expression', 'index']) })),
})

/** Texts of whole files are no names. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length <= LONGEST_NAME ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}

const LONGEST_NAME = 300
