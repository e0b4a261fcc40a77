import { WHOLE_DATABASE, type BackupScope } from '../backup/backup-way'
import type { Plan } from '../migration/model'
import type { Project } from '../project/project'
import type { Interaction } from './interaction'
import { planProject } from './plan'
import { resolveTarget } from './target'

export type ScopeKind = BackupScope['kind']

/** The scope that the user chose; `tables` are the ones that the plan would change. */
export async function chosenScope(
  project: Project,
  interaction: Interaction,
  { kind, drift }: { readonly kind: ScopeKind; readonly drift: boolean },
): Promise<BackupScope> {
  if (kind === 'database') return WHOLE_DATABASE
  if (kind === 'structure') return { kind, tables: [] }
  const target = await resolveTarget(project, interaction, { drift })
  return scopeOfPlan((await planProject(project, interaction, target)).plan)
}

export function scopeOfPlan({ steps }: Pick<Plan, 'steps'>): BackupScope {
  const tables = new Map(
    steps
      .filter(({ table }) => table !== '')
      .map(({ schema, table }) => [JSON.stringify([schema, table]), { schema, table }]),
  )
  return { kind: 'tables', tables: [...tables.values()] }
}
