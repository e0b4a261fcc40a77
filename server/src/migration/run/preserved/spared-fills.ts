import type { DatabaseClient } from '../../../database/connect'
import { quoteQualified } from '../../../database/quote'
import type { Step } from '../../model'
import type { SparedNulls } from '../../plan/spared-nulls'
import type { ColumnName, TableName } from './row-key'

/** The step that fills a column, made again so that it leaves these rows NULL. Only where the column may be NULL. */
export async function sparing(fill: Step, spared: readonly SparedNulls[]): Promise<Step> {
  const { recipe } = fill
  if (spared.length === 0 || !mayLeaveNulls(recipe)) return fill
  // What reads a journal is loaded only where one is read, or values were preserved.
  const { BUILDERS } = await import('../recipes/builders')
  const before = await sparedBy(fill)
  const made = BUILDERS[recipe.builder]?.({ ...recipe.parameters, spared: [...before, ...spared] })
  if (made === undefined || 'fault' in made) throw new Error(`The recipe of the step ${fill.id} cannot be made again.`)
  return { ...fill, batch: made.step.batch, recipe: made.step.recipe }
}

/** What a fill leaves NULL; nothing of other steps. */
export async function sparedBy({ recipe }: Pick<Step, 'recipe'>): Promise<readonly SparedNulls[]> {
  if (recipe.builder !== 'fill' || !('spared' in recipe.parameters)) return []
  const { sparedNulls } = await import('../recipes/parameters')
  return sparedNulls.parse(recipe.parameters.spared)
}

function mayLeaveNulls({ builder, parameters }: Step['recipe']): boolean {
  if (builder !== 'fill' || !('column' in parameters)) return false
  const { column } = parameters
  return typeof column === 'object' && column !== null && 'nullable' in column && column.nullable === true
}

/** `holders` are the table and its partitions, which are filled one by one. */
export function isFillOf(step: Step, { column }: Pick<ColumnName, 'column'>, holders: ReadonlySet<string>): boolean {
  return (
    step.kind === 'populate' && step.batch?.column === column && holders.has(quoteQualified(step.schema, step.table))
  )
}

/** The quoted names of a table and of all its partitions. */
export async function readHolders(client: DatabaseClient, { schema, table }: TableName): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ schema: string; table: string }>(
    `SELECT n.nspname AS schema, c.relname AS "table"
     FROM pg_partition_tree(to_regclass($1)) AS tree
     JOIN pg_class AS c ON c.oid = tree.relid JOIN pg_namespace AS n ON n.oid = c.relnamespace`,
    [quoteQualified(schema, table)],
  )
  return new Set([quoteQualified(schema, table), ...rows.map((row) => quoteQualified(row.schema, row.table))])
}
