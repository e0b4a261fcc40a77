import { restoreBackup } from '../backup/restore-backup'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { requireTarget } from './target'

export interface RestoreParameters {
  /** Absolute path of the backup. */
  readonly path: string
  /** Restore into a database that is not empty. */
  readonly force: boolean
}

export async function restoreCommand(
  project: Project,
  interaction: Interaction,
  parameters: RestoreParameters,
): Promise<CommandOutcome> {
  const target = await project.databaseTarget(interaction.signal)
  const { label } = target
  const answer = await interaction.confirm({
    message: `Restore ${parameters.path} into ${label}?`,
    detail: [parameters.force ? 'Existing objects in that database may be replaced.' : 'The database must be empty.'],
    choices: [{ id: 'restore', label: 'Restore' }],
    yes: 'restore',
  })
  if (answer !== 'restore') return { status: 'cancelled', message: 'Nothing was changed.' }
  interaction.progress('Restoring')
  await requireTarget(target, interaction)
  await restoreBackup({
    path: parameters.path,
    url: target.url,
    force: parameters.force,
    pgDumpPath: project.choices.pgDumpPath,
    environment: project.environment,
    signal: interaction.signal,
  })
  return { status: 'done', message: `Restored into ${label}.` }
}
