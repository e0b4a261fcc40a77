import fs from 'node:fs'
import path from 'node:path'
import { listBackups, type ListedBackup } from '../backup/manifest/list-backups'
import { planRetention, type KeptBackup } from '../backup/retention/plan-retention'
import { proveOurs, removeBackup, type ProvenBackup } from '../backup/retention/remove-backup'
import { AuditError, describeError } from '../errors'
import type { Project } from '../project/project'
import { textOf, type SafeText } from '../text/safe-text'
import { inEnglish, type Translate } from '../text/translate'
import type { CommandOutcome, Interaction } from './interaction'
import { counted, formatBytes } from '../text/amounts'
import { sizeWords } from '../text/size-words'
import { phrase, phraseIn } from '../text/phrase'

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
    message:
      found.removable.length === 1
        ? t('Delete 1 backup in {0}?', found.folder)
        : t('Delete {0} backups in {1}?', found.removable.length, found.folder),
    detail: [
      t('This frees {0}.', phraseIn(t, sizeWords(sizeOf(found)))),
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
  const { length } = removable
  if (isRemoved) {
    return { status: 'done', message: length === 1 ? t('Deleted 1 backup.') : t('Deleted {0} backups.', length) }
  }
  return { status: dryRun ? 'done' : 'cancelled', message: t('Nothing was deleted.') }
}

/**
 * After a backup, if the policy limits their number. A file that cannot be deleted is reported and does not fail the
 * backup.
 *
 * @param made the path of that backup: the newest, whatever the clock says, and just read
 */
export async function pruneByPolicy(project: Project, interaction: Interaction, made: string): Promise<void> {
  const keep = project.policyFile.reading.policy?.backups.keep ?? null
  if (keep === null) return
  try {
    const found = await findRemovable(interaction, project.backupFolder, keep, made)
    if (found.removable.length > 0) interaction.output(renderRetention(remove(found)))
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    interaction.output(describeError(error, interaction.t))
  }
}

/** Deletes none for which another is kept that is damaged: whatever is kept instead of one is read first. */
async function findRemovable(
  interaction: Interaction,
  folder: string,
  keep: number,
  made: string | null = null,
): Promise<PrunedBackups> {
  const proven = new Map<string, ProvenBackup | KeptBackup>()
  const prove = async (backup: ListedBackup): Promise<ProvenBackup | KeptBackup> => {
    const found = proven.get(backup.path) ?? (await proveIfOurs(interaction, backup))
    proven.set(backup.path, found)
    return found
  }
  const isDamaged = async (backup: ListedBackup) => backup.path !== made && 'why' in (await prove(backup))
  const listed = listBackups(folder)
  let backups = [...listed.filter(({ path }) => path === made), ...listed.filter(({ path }) => path !== made)]
  for (;;) {
    const { kept, removable } = planRetention(backups, keep, new Date())
    const damaged: ListedBackup[] = []
    for (const backup of new Set(removable.flatMap(({ insteadOf }) => insteadOf))) {
      if (await isDamaged(backup)) damaged.push(backup)
    }
    if (damaged.length === 0) {
      const tried: (ProvenBackup | KeptBackup)[] = []
      for (const backup of removable) tried.push(await prove(backup))
      const others = tried.filter((each) => 'why' in each)
      const ours = tried.filter((each) => 'identity' in each)
      return { folder, kept: [...kept, ...others], removable: ours, isRemoved: false }
    }
    const problems = new Map(damaged.map((backup) => [backup, proven.get(backup.path)]))
    backups = backups.map((backup) => {
      const found = problems.get(backup)
      return found !== undefined && 'why' in found ? { ...backup, problem: phrase`${found.why}` } : backup
    })
  }
}

async function proveIfOurs(interaction: Interaction, backup: ListedBackup): Promise<ProvenBackup | KeptBackup> {
  const { signal, t } = interaction
  signal.throwIfAborted()
  interaction.progress(t('Checking {0}', path.basename(backup.path)))
  try {
    return await proveOurs(backup)
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    return { path: backup.path, why: error.why }
  }
}

/** One that changed after it was read is kept; one that is gone was deleted by another process. */
function remove(found: PrunedBackups): PrunedBackups {
  const removed: ProvenBackup[] = []
  const changed: KeptBackup[] = []
  for (const each of found.removable) {
    try {
      removeBackup(each)
      removed.push(each)
    } catch (error) {
      if (!(error instanceof AuditError) || error.code !== 'backup-not-ours') throw error
      if (fs.existsSync(each.path)) changed.push({ path: each.path, why: error.why })
    }
  }
  return { ...found, kept: [...found.kept, ...changed], removable: removed, isRemoved: true }
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
