import path from 'node:path'
import { backupIsPartial } from '../backup/restore/errors'
import { noBackup } from '../backup/manifest/errors'
import type { BackupManifest } from '../backup/manifest/manifest'
import type { ListedBackup } from '../backup/manifest/list-backups'
import type { Restored, RestoreOptions } from '../backup/restore/restore-backup'
import type { CopyBackExtent } from '../backup/tables/copy-back'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import { withClient } from '../database/connect'
import { describeUrl } from '../database/describe-url'
import { textOf } from '../text/safe-text'
import { backUpProject } from './back-up'
import { partialWords, partialPhrase } from './backup-words'
import type { CommandOutcome, Interaction, NextAction } from './interaction'
import { requireTarget } from './target'
import { confirmWrite, requireWritable, writtenDatabase, type Writable } from './writable'
import { phraseIn, phrase } from '../text/phrase'
import type { Translate } from '../text/translate'
import { counted } from '../text/amounts'
import { sizeWords } from '../text/size-words'
import { boundedList } from '../text/bounded-list'
import { labelIn } from '../database/describe-url'

export interface RestoreParameters {
  /** Absolute path of the backup; null: asks for one in the project's folder. */
  readonly path: string | null
  /** The name of the new database; null: a generated one. */
  readonly into: string | null
  /** Over the old database, which is backed up first. */
  readonly over: boolean
  /** Only these, next to the originals; empty: the whole backup. */
  readonly tables: readonly string[]
  readonly copyBack: CopyBackExtent | null
}

/**
 * Restores a backup into the target if that is empty, otherwise into a new database on the same server. Replaces the
 * target only if requested, after its name was typed and a new backup was made.
 */
export async function restoreCommand(
  project: Project,
  interaction: Interaction,
  parameters: RestoreParameters,
): Promise<CommandOutcome> {
  const found = await project.databaseTarget(interaction.signal)
  const target = await requireWritable(project, interaction, found)
  const { t } = interaction
  if (target === null) return nothingChanged(t)
  const file = parameters.path ?? (await chooseBackup(project, interaction))
  if (file === null) return nothingChanged(t)
  const { requireBackupFile } = await import('../backup/open-reader')
  requireBackupFile(file)
  if (parameters.tables.length > 0) {
    const { restoreTables } = await import('./restore-tables')
    return await restoreTables(project, interaction, target, { ...parameters, path: file })
  }
  const { readManifest } = await import('../backup/manifest/manifest-file')
  const manifest = readManifest(file)
  const scope = manifest?.scope ?? { kind: 'database' as const, tables: [] }
  requireWhole(file, scope, parameters)
  const options = { ...restoreOptions(project, interaction, target, file), manifest }
  const lacks = await whatItLacks(interaction.t, scope, options)
  const restore = { project, interaction, target, options, scope, lacks }
  if (parameters.over) return await replaceTarget(restore)
  const { isEmptyDatabase } = await import('../backup/restore/restore-backup')
  const isEmpty = parameters.into === null && (await isEmptyDatabase(options))
  return isEmpty ? await fillEmptyTarget(restore) : await restoreBeside(restore, parameters.into)
}

/** A whole backup, or the structure alone, and where it goes. */
interface Restore {
  readonly project: Project
  readonly interaction: Interaction
  readonly target: Writable<DatabaseTarget>
  readonly options: Omit<RestoreOptions, 'force'> & { readonly manifest: BackupManifest | null }
  readonly scope: BackupManifest['scope']
  /** Sentences for the question: what the backup or the server lacks. */
  readonly lacks: readonly string[]
}

async function whatItLacks(t: Translate, scope: Restore['scope'], options: Restore['options']): Promise<string[]> {
  const { missingForRestore } = await import('../backup/restore/restore-elsewhere')
  const { manifest } = options
  const missing = await missingForRestore(manifest, options)
  const partial = partialWords(scope, t)
  const isOfAnyone = (manifest?.contents ?? null) === null
  return [
    ...(partial === null ? [] : [t('It contains only {0}.', partial)]),
    ...(missing === null ? [] : [t('The server has no {0}, which the backup needs.', phraseIn(t, missing))]),
    ...(isOfAnyone ? [t('No manifest records what it contains. Its code runs with your privileges.')] : []),
  ]
}

async function fillEmptyTarget(restore: Restore): Promise<CommandOutcome> {
  const { interaction, target, options, lacks } = restore
  const { t } = interaction
  const answer = await interaction.confirm({
    writesTo: writtenDatabase(target),
    message: t('Restore {0} into {1}?', path.basename(options.path), labelIn(t, target)),
    detail: [t('The database is empty.'), ...lacks],
    choices: [{ id: 'restore', label: t('Restore') }],
    yes: 'restore',
  })
  return answer === 'restore' ? await restoreIntoTarget(restore, { force: false }) : nothingChanged(t)
}

/** After its name was typed and it was backed up. */
async function replaceTarget(restore: Restore): Promise<CommandOutcome> {
  const { project, interaction, target, options, lacks } = restore
  const { requireReplaceable } = await import('../backup/restore/restore-backup')
  const { t } = interaction
  const connect = { environment: project.environment, signal: interaction.signal }
  const locks = await withClient(target.url, connect, (client) => requireReplaceable(client, options))
  const answer = await interaction.confirm({
    writesTo: { ...writtenDatabase(target), typedBecause: 'replaced' },
    message: t('Restore {0} into {1}?', path.basename(options.path), labelIn(t, target)),
    detail: [
      t('Everything in that database is replaced. It is backed up first.'),
      ...(locks.outlook === 'may fail'
        ? [t('It may need more locks than the server has (it needs {0}): then nothing is changed.', locks.needed)]
        : []),
      ...lacks,
    ],
    choices: [{ id: 'restore', label: t('Back Up and Replace') }],
    yes: 'restore',
  })
  if (answer !== 'restore') return nothingChanged(t)
  await backUpProject(project, interaction, target, { level: 2 })
  return await restoreIntoTarget(restore, { force: true })
}

async function restoreIntoTarget(
  { interaction, target, options }: Restore,
  { force }: { readonly force: boolean },
): Promise<CommandOutcome> {
  const { noteRestore } = await import('../backup/restore/restore-elsewhere')
  const { restoreBackup } = await import('../backup/restore/restore-backup')
  const { t } = interaction
  interaction.progress(t('Restoring'))
  await requireTarget(target, interaction)
  const restored = await restoreBackup({ ...options, force })
  tellRestored(interaction, restored)
  noteRestore(options.path, describeUrl(target.url).database, new Date())
  return restoredOutcome(restored, t('Restored into {0}.', labelIn(t, target)), { t, next: 'check' })
}

/** @param name of the new database; null: a generated one */
async function restoreBeside(restore: Restore, name: string | null): Promise<CommandOutcome> {
  const { interaction, target, options, scope, lacks } = restore
  const { nameOfRestored, noteRestore, restoreIntoNewDatabase } = await import('../backup/restore/restore-elsewhere')
  const { t } = interaction
  const database = name ?? nameOfRestored(describeUrl(target.url).database, new Date())
  const answer = await confirmWrite(interaction, target, {
    message: t('Restore {0} into the new database {1}?', path.basename(options.path), database),
    detail: [t('The new database is created on the same server. {0} is not changed.', labelIn(t, target)), ...lacks],
    choices: [{ id: 'restore', label: t('Restore') }],
    yes: 'restore',
  })
  if (answer !== 'restore') return nothingChanged(t)
  interaction.progress(t('Restoring'))
  await requireTarget(target, interaction)
  const restored = await restoreIntoNewDatabase({ ...options, database })
  tellRestored(interaction, restored)
  noteRestore(options.path, database, new Date())
  // Neither a database without its rows nor one that differs should take its place.
  const mayReplace = scope.kind === 'database' && (restored.comparison?.differences.length ?? 0) === 0
  interaction.output(
    textOf([
      `Restored into the new database ${database}. ${target.label} is unchanged.`,
      ...(mayReplace ? howToReplace(restored.swap) : []),
    ]),
  )
  return restoredOutcome(restored, t('Restored into the new database {0}.', database), { t, next: 'connect' })
}

function howToReplace(swap: readonly string[]): string[] {
  return [
    'To replace the old database, end all sessions of both and run this while connected to another database:',
    ...swap.map((statement) => `  ${statement}`),
  ]
}

/** A partial backup is never restored as if it were complete. */
function requireWhole(file: string, scope: BackupManifest['scope'], { over }: RestoreParameters): void {
  const words = partialPhrase(scope)
  if (words === null || (scope.kind === 'structure' && !over)) return
  const nextStep =
    scope.kind === 'structure'
      ? phrase`Restore it into a new database (without --over), or restore a backup of the whole database.`
      : phrase`Restore a backup of the whole database, or load these tables next to the originals (--table NAME).`
  throw backupIsPartial(file, words, nextStep)
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
    onProgress: (message) => interaction.progress(phraseIn(interaction.t, message)),
  }
}

/** A warning of a restore is reported and is not a failure; a difference is one, even if everything was loaded. */
function restoredOutcome(
  { comparison }: Restored,
  message: string,
  { t, next }: { readonly t: Translate; readonly next: NextAction },
): CommandOutcome {
  if (comparison === null || comparison.differences.length === 0) return { status: 'done', message, next: [next] }
  return { status: 'findings', message: `${message} ${t('It does not match its manifest.')}` }
}

function tellRestored(interaction: Interaction, { warnings, checksum, comparison }: Restored): void {
  const lines = [
    ...describeComparison(comparison),
    ...(checksum === 'absent' ? ['The backup has no checksum, so it is unknown whether it has changed.'] : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ]
  if (lines.length > 0) interaction.output(textOf(lines))
}

function describeComparison(comparison: Restored['comparison']): string[] {
  if (comparison === null) return ['Nothing to compare with: the backup has no manifest, or one of an earlier version.']
  const { differences, leftOut, tables, rows, largeObjects } = comparison
  if (differences.length > 0) {
    return [
      'It does not match its manifest:',
      ...boundedList(differences, 20, 'differences').map((difference) => `  ${difference}`),
      'Do not use it until you know why: the cause may be the backup, its manifest or the server.',
    ]
  }
  const contents = `${counted(tables, 'table')} with ${counted(rows, 'row')}`
  const objects = largeObjects === 0 ? '' : ` and ${counted(largeObjects, 'large object')}`
  const equal = `Compared with the manifest: ${contents}${objects}, equal.`
  return [leftOut === null ? equal : `${equal} Not compared: ${leftOut}.`]
}

async function chooseBackup(project: Project, interaction: Interaction): Promise<string | null> {
  const { listBackups } = await import('../backup/manifest/list-backups')
  const folder = project.backupFolder
  const usable = listBackups(folder).filter(({ problem }) => problem === null)
  if (usable.length === 0) throw noBackup(folder)
  const answer = await interaction.confirm({
    message: interaction.t('Which backup?'),
    detail: [interaction.t('The newest backups in {0}.', folder)],
    choices: usable
      .slice(0, CHOICES)
      .map((backup, index) => ({ id: String(index), label: labelOf(interaction.t, backup) })),
    isList: true,
    yes: null,
  })
  return answer === null ? null : (usable[Number(answer)]?.path ?? null)
}

/** As many as fit into a dialog. */
const CHOICES = 6

function labelOf(t: Translate, { path: file, bytes, manifest }: ListedBackup): string {
  const facts = [phraseIn(t, sizeWords(bytes)), ...(manifest === null ? [] : [t('level {0}', manifest.level)])]
  return `${path.basename(file)} (${facts.join(', ')})`
}

function nothingChanged(t: Translate): CommandOutcome {
  return { status: 'cancelled', message: t('Nothing was changed.') }
}
