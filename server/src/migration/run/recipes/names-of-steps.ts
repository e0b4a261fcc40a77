import * as z from 'zod'
import { loadSqlParser } from '../../../lint/parse/sql-parser'
import { PRISMA_MIGRATIONS } from '../../history/record-step'
import type { Step } from '../../model'
import { namesIn, type SqlText } from './sql-texts'
import { findBuilder } from './builders'
import { FORMER_BUILDER } from './former-step'

/** The names in a journal's steps; see `journal-writers.sql`. */
export interface NamesOfSteps {
  /** Every name in the parameters: schemas, tables, columns, functions, triggers, types. */
  readonly names: readonly string[]
  /** Every name in the parameters that are SQL. */
  readonly inTexts: readonly string[]
  /** The functions among them. */
  readonly functions: readonly string[]
  /** The relations that are read. */
  readonly relations: readonly RelationRead[]
  /** Where unqualified names are looked up. */
  readonly lookupSchemas: readonly string[]
}

interface RelationRead {
  readonly schema: string
  readonly name: string
  /** If only one column of it is read, to fill another: both columns. */
  readonly key?: string
  readonly ofSchema?: string
  readonly ofTable?: string
  readonly ofColumn?: string
}

/** `way`: the direction. A default that `down` does not contain is not run. */
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
  const made = findBuilder(recipe.builder)?.(recipe.parameters)
  return made === undefined || 'fault' in made ? [] : made.texts
}

/** Types are always included. */
function isInWayBack({ down, holdsData }: Step, { kind, text }: SqlText): boolean {
  return kind === 'type' || [...down, holdsData?.count ?? ''].some((statement) => statement.includes(text))
}

const formerParameters = z.object({
  texts: z.array(z.object({ text: z.string(), kind: z.enum(['type', 'expression', 'index']) })),
})

/** Complete file texts are not names. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length <= LONGEST_NAME ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}

const LONGEST_NAME = 300
