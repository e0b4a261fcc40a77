import path from 'node:path'
import { noBackup } from '../backup/errors'
import type { ListedBackup } from '../backup/manifest/list-backups'
import type { Restored, RestoreOptions } from '../backup/restore-backup'
import type { DatabaseTarget } from '../project/live-database'
import type { Project } from '../project/project'
import { describeUrl } from '../database/describe-url'
import { textOf } from '../text/safe-text'
import { backUpProject, formatBytes } from './back-up'
import type { CommandOutcome, Interaction } from './interaction'
import { requireTarget } from './target'
import { confirmWrite, requireWritable, writtenDatabase } from './writable'

export interface RestoreParameters {
  /** Absolute path of the backup; null: asked for, of those in the project's folder. */
  readonly path: string | null
  /** The name of the new database; null: one that is made up. */
  readonly into: string | null
  /** Over the old database, which is backed up first. */
  readonly over: boolean
}

/**
 * Restores a backup: into the target where that is empty, else into a new database beside it; over it only where that was asked
 * for, its name is typed, and a fresh backup of it was made.
 */
export async function restoreCommand(
  project: Project,
  interaction: Interaction,
  parameters: RestoreParameters,
): Promise<CommandOutcome> {
  const found = await project.databaseTarget(interaction.signal)
  const target = await requireWritable(project, interaction, found)
  if (target === null) return NOTHING_CHANGED
  const file = parameters.path ?? (await chooseBackup(project, interaction))
  if (file === null) return NOTHING_CHANGED
  const { nameOfRestored, missingForRestore, noteRestore, restoreIntoNewDatabase } =
    await import('../backup/restore-elsewhere')
  const { requireBackup, restoreBackup, isEmptyDatabase } = await import('../backup/restore-backup')
  requireBackup(file)
  const { label, url } = target
  const options = restoreOptions(project, interaction, target, file)
  const missing = await missingForRestore(file, options)
  const lacks = missing === '' ? [] : [`The server has no ${missing}, which the backup needs.`]
  const isEmpty = parameters.into === null && !parameters.over && (await isEmptyDatabase(options))
  const name = describeUrl(url).database

  if (isEmpty || parameters.over) {
    const writesTo = writtenDatabase(target)
    const answer = await interaction.confirm({
      writesTo: parameters.over ? { ...writesTo, mustBeTyped: true, isReplaced: true } : writesTo,
      message: `Restore ${path.basename(file)} into ${label}?`,
      detail: [
        parameters.over ? 'Everything in that database is replaced. It is backed up first.' : 'The database is empty.',
        ...lacks,
      ],
      choices: [{ id: 'restore', label: parameters.over ? 'Back Up and Replace' : 'Restore' }],
      yes: 'restore',
    })
    if (answer !== 'restore') return NOTHING_CHANGED
    if (parameters.over) await backUpProject(project, interaction, target, { level: 2 })
    interaction.progress('Restoring')
    await requireTarget(target, interaction)
    tellWarnings(interaction, await restoreBackup({ ...options, force: parameters.over }))
    noteRestore(file, name, new Date())
    return { status: 'done', message: `Restored into ${label}.` }
  }

  const database = parameters.into ?? nameOfRestored(name, new Date())
  const answer = await confirmWrite(interaction, target, {
    message: `Restore ${path.basename(file)} into the new database ${database}?`,
    detail: [`It is created beside ${label}, which is not changed.`, ...lacks],
    choices: [{ id: 'restore', label: 'Restore' }],
    yes: 'restore',
  })
  if (answer !== 'restore') return NOTHING_CHANGED
  interaction.progress('Restoring')
  await requireTarget(target, interaction)
  const restored = await restoreIntoNewDatabase({ ...options, database })
  tellWarnings(interaction, restored)
  noteRestore(file, database, new Date())
  interaction.output(
    textOf([
      `Restored into the new database ${database}. ${label} is unchanged.`,
      'To put it in its place, end all sessions of both, and run this while connected to another database:',
      ...restored.swap.map((statement) => `  ${statement}`),
    ]),
  )
  return { status: 'done', message: `Restored into the new database ${database}.` }
}

function restoreOptions(
  project: Project,
  interaction: Interaction,
  { url }: DatabaseTarget,
  file: string,
): Omit<RestoreOptions, 'force'> {
  return {
    ...{ path: file, url, pgDumpPath: project.choices.pgDumpPath, environment: project.environment },
    signal: interaction.signal,
    onProgress: (message) => interaction.progress(message),
  }
}

/** A warning of a restore is no failure, and is said. */
function tellWarnings(interaction: Interaction, { warnings, checksum }: Restored): void {
  const lines = [
    ...(checksum === 'absent' ? ['The backup has no checksum, so nothing shows whether it is as it was created.'] : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ]
  if (lines.length > 0) interaction.output(textOf(lines))
}

async function chooseBackup(project: Project, interaction: Interaction): Promise<string | null> {
  const { listBackups } = await import('../backup/manifest/list-backups')
  const folder = project.backupFolder
  const usable = listBackups(folder).filter(({ problem }) => problem === null)
  if (usable.length === 0) throw noBackup(folder)
  const answer = await interaction.confirm({
    message: 'Which backup?',
    detail: [`The newest of ${folder}.`],
    choices: usable.slice(0, CHOICES).map((backup, index) => ({ id: String(index), label: labelOf(backup) })),
    yes: null,
  })
  return answer === null ? null : (usable[Number(answer)]?.path ?? null)
}

/** As many as a dialog has room for. */
const CHOICES = 6

function labelOf({ path: file, bytes, manifest }: ListedBackup): string {
  return `${path.basename(file)} (${formatBytes(bytes)}${manifest === null ? '' : `, level ${manifest.level}`})`
}

const NOTHING_CHANGED: CommandOutcome = { status: 'cancelled', message: 'Nothing was changed.' }
