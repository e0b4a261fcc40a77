import type { Plan } from '../migration/model'
import { listNames } from '../text/bounded-list'
import type { Translate } from '../text/translate'

/** The models whose tables the plan creates: the next run adds their audit fields. */
export function modelsOfNextRun({ warnings }: Pick<Plan, 'warnings'>): ReadonlySet<string> {
  return new Set(warnings.flatMap(({ code, object }) => (code === 'next-run' ? object : [])))
}

/** What to do after the plan was run; empty if it was everything. */
export function remindOfNextRun(plan: Pick<Plan, 'warnings'>, t: Translate): string[] {
  const models = [...modelsOfNextRun(plan)]
  if (models.length === 0) return []
  return [
    t('This run created the tables of {0}. Run the migration again to add their audit fields.', listNames(models)),
  ]
}
