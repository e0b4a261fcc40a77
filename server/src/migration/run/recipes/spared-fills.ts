import type { Step } from '../../model'
import type { SparedNulls } from '../../plan/spared-nulls'

/** The step that fills a column, rebuilt so that it leaves these rows NULL. Only for a nullable column. */
export async function sparing(fill: Step, spared: readonly SparedNulls[]): Promise<Step> {
  const { recipe } = fill
  if (spared.length === 0 || !mayLeaveNulls(recipe)) return fill
  // The reader of journals is loaded only if one is read, or values were preserved.
  const { findBuilder } = await import('./builders')
  const before = await sparedBy(fill)
  const made = findBuilder(recipe.builder)?.({ ...recipe.parameters, spared: [...before, ...spared] })
  if (made === undefined || 'fault' in made) throw new Error(`The recipe of the step ${fill.id} cannot be rebuilt.`)
  return { ...fill, batch: made.step.batch, recipe: made.step.recipe }
}

/** The rows that a fill leaves NULL; nothing for other steps. */
export async function sparedBy({ recipe }: Pick<Step, 'recipe'>): Promise<readonly SparedNulls[]> {
  if (recipe.builder !== 'fill' || !('spared' in recipe.parameters)) return []
  const { sparedNulls } = await import('./parameters')
  return sparedNulls.parse(recipe.parameters.spared)
}

function mayLeaveNulls({ builder, parameters }: Step['recipe']): boolean {
  if (builder !== 'fill' || !('column' in parameters)) return false
  const { column } = parameters
  return typeof column === 'object' && column !== null && 'nullable' in column && column.nullable === true
}
