import { restoreBackup } from '../backup/restore-backup'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { requireTarget } from './target'
import { confirmWrite, requireWritable } from './writable'

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
  const found = await project.databaseTarget(interaction.signal)
  const target = await requireWritable(project, interaction, found)
  if (target === null) return NOTHING_CHANGED
  const { label } = target
  const answer = await confirmWrite(interaction, target, {
    message: `Restore ${parameters.path} into ${label}?`,
    detail: [parameters.force ? 'Existing objects in that database may be replaced.' : 'The database must be empty.'],
    choices: [{ id: 'restore', label: 'Restore' }],
    yes: 'restore',
  })
  if (answer !== 'restore') return NOTHING_CHANGED
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

const NOTHING_CHANGED: CommandOutcome = { status: 'cancelled', message: 'Nothing was changed.' }
