import path from 'node:path'
import { listBackups } from '../backup/manifest/list-backups'
import { planRetention, type KeptBackup } from '../backup/retention/plan-retention'
import { proveOurs, removeBackup, type ProvenBackup } from '../backup/retention/remove-backup'
import { AuditError, describeError } from '../errors'
import type { Project } from '../project/project'
import { textOf, type SafeText } from '../text/safe-text'
import { inEnglish, type Translate } from '../text/translate'
import type { CommandOutcome, Interaction } from './interaction'
import { counted, formatBytes } from '../text/amounts'

export interface PrunedBackups {
  readonly folder: string
  readonly kept: readonly KeptBackup[]
  /** To be deleted once someone confirms. */
  readonly removable: readonly ProvenBackup[]
  readonly isRemoved: boolean
}

/** The number of backups to keep per database by default. */
export const KEPT_BY_DEFAULT = 10

/** Shows what the rules keep and delete, and deletes after a confirmation. */
export async function pruneBackups(
  project: Project,
  interaction: Interaction,
  parameters: { readonly folder: string; readonly keep: number | null; readonly dryRun: boolean },
): Promise<PrunedBackups> {
  const { t } = interaction
  project.policyFile.refuseInvalid()
  const keep = parameters.keep ?? project.policyFile.reading.policy?.backups.keep ?? KEPT_BY_DEFAULT
  const found = await findRemovable(interaction, parameters.folder, keep)
  interaction.output(renderRetention(found))
  if (parameters.dryRun || found.removable.length === 0) return found
  const answer = await interaction.confirm({
    message: t('Delete {0} backups in {1}?', found.removable.length, found.folder),
    detail: [
      t('This frees {0}.', formatBytes(sizeOf(found))),
      ...found.removable.map((each) => path.basename(each.path)),
    ],
    choices: [{ id: 'delete', label: t('Delete') }],
    yes: 'delete',
  })
  return answer === 'delete' ? remove(found) : found
}

export function pruneOutcome(
  { removable, isRemoved }: PrunedBackups,
  dryRun: boolean,
  t: Translate = inEnglish,
): CommandOutcome {
  if (removable.length === 0) return { status: 'done', message: t('No backup to delete.') }
  if (isRemoved) return { status: 'done', message: t('Deleted {0} backups.', removable.length) }
  return { status: dryRun ? 'done' : 'cancelled', message: t('Nothing was deleted.') }
}

/**
 * After a backup, if the policy limits their number. A file that cannot be deleted is reported and does not fail the
 * backup.
 */
export async function pruneByPolicy(project: Project, interaction: Interaction): Promise<void> {
  const keep = project.policyFile.reading.policy?.backups.keep ?? null
  if (keep === null) return
  try {
    const found = await findRemovable(interaction, project.backupFolder, keep)
    if (found.removable.length > 0) interaction.output(renderRetention(remove(found)))
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    interaction.output(describeError(error))
  }
}

async function findRemovable(interaction: Interaction, folder: string, keep: number): Promise<PrunedBackups> {
  const { signal, t } = interaction
  const { kept, removable } = planRetention(listBackups(folder), keep)
  const proven: ProvenBackup[] = []
  const others: KeptBackup[] = []
  for (const { path: file } of removable) {
    signal.throwIfAborted()
    interaction.progress(t('Checking {0}', path.basename(file)))
    try {
      proven.push(await proveOurs(file))
    } catch (error) {
      if (!(error instanceof AuditError)) throw error
      others.push({ path: file, why: error.why })
    }
  }
  return { folder, kept: [...kept, ...others], removable: proven, isRemoved: false }
}

function remove(found: PrunedBackups): PrunedBackups {
  for (const each of found.removable) removeBackup(each)
  return { ...found, isRemoved: true }
}

function renderRetention(found: PrunedBackups): SafeText {
  const { folder, kept, removable, isRemoved } = found
  const head = `${counted(removable.length, 'backup')} (${formatBytes(sizeOf(found))})`
  return textOf([
    `Backups in ${folder}`,
    ...kept.map(({ path: file, why }) => `  keep    ${path.basename(file)}: ${why}`),
    ...removable.map(({ path: file }) => `  ${isRemoved ? 'deleted' : 'delete '} ${path.basename(file)}`),
    isRemoved ? `Deleted ${head}.` : `To delete: ${head}.`,
  ])
}

function sizeOf({ removable }: PrunedBackups): number {
  return removable.reduce((sum, { bytes }) => sum + bytes, 0)
}
