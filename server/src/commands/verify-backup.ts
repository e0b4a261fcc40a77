import path from 'node:path'
import { noBackup } from '../backup/manifest/errors'
import type { BackupLevel } from '../backup/manifest/manifest'
import type { VerifiedBackup } from '../backup/verify-backup'
import type { Project } from '../project/project'
import { textOf, type SafeText } from '../text/safe-text'
import { phraseIn } from '../text/phrase'
import { inEnglish, type Translate } from '../text/translate'
import { describeLevel } from './backup-words'
import type { CommandOutcome, Interaction } from './interaction'
import { smokeTestOfBackup } from './smoke-backup'

/**
 * Verifies an existing backup. Without a server that allows a scratch database, or without a manifest that records its
 * contents, it is restored into an embedded one, in which the code of the backup reaches nothing else.
 */
export async function verifyBackupFile(
  project: Project,
  interaction: Interaction,
  parameters: { readonly path: string; readonly level: BackupLevel; readonly mayUseServer?: boolean },
): Promise<VerifiedBackup> {
  const { verifyBackup } = await import('../backup/verify-backup')
  interaction.progress(interaction.t('Verifying the backup'))
  const { path: file, level, mayUseServer = true } = parameters
  const target = mayUseServer ? await project.databaseTarget(interaction.signal).catch(() => null) : null
  interaction.signal.throwIfAborted()
  const verified = await verifyBackup({
    ...{
      ...{ path: file, level },
      url: target?.standing.readOnly === null ? target.url : null,
      pgDumpPath: project.choices.pgDumpPath,
      environment: project.environment,
    },
    signal: interaction.signal,
    onProgress: (message) => interaction.progress(phraseIn(interaction.t, message)),
    smoke: level === 4 ? smokeTestOfBackup(project, interaction, target?.standing ?? null) : undefined,
  })
  interaction.output(renderVerifiedBackup(verified))
  return verified
}

export function verifiedOutcome(
  { path: file, level, manifest }: VerifiedBackup,
  wanted: BackupLevel,
  t: Translate = inEnglish,
): CommandOutcome {
  const name = path.basename(file)
  if (level === 0) return { status: 'findings', message: t('{0} is damaged.', name), next: ['back-up'] }
  const reached = describeLevel(level, manifest?.scope, t)
  return level >= wanted
    ? { status: 'done', message: t('{0} has reached level {1}.', name, reached) }
    : { status: 'findings', message: t('{0} reached only level {1}.', name, reached) }
}

/** The editor's command: restores a backup (by default the newest) into a scratch database and compares it. */
export async function rehearseRestoreCommand(
  project: Project,
  interaction: Interaction,
  chosen: string | null,
): Promise<CommandOutcome> {
  const verified = await verifyBackupFile(project, interaction, {
    path: chosen ?? (await newestBackup(project)),
    level: 3,
  })
  return verifiedOutcome(verified, 3, interaction.t)
}

async function newestBackup({ backupFolder }: Project): Promise<string> {
  const { listBackups } = await import('../backup/manifest/list-backups')
  const newest = listBackups(backupFolder).find(({ problem }) => problem === null)
  if (newest === undefined) throw noBackup(backupFolder)
  return newest.path
}

function renderVerifiedBackup({ path: file, checksum, proofs, manifest }: VerifiedBackup): SafeText {
  return textOf([
    'Backup',
    `  file     ${file}`,
    `  SHA-256  ${CHECKSUMS[checksum]}`,
    ...proofs.map(({ level, outcome, detail }) => `  level ${level}  ${outcome}: ${detail}`),
    ...nextSteps(proofs.at(-1), manifest),
    ...(manifest === null ? ['  It has no manifest, so the result is not stored.'] : []),
  ])
}

const CHECKSUMS: Readonly<Record<VerifiedBackup['checksum'], string>> = {
  verified: 'matches',
  differs: 'does not match',
  absent: 'none recorded',
}

/** What to do about the last level that was tried. */
function nextSteps(
  proof: VerifiedBackup['proofs'][number] | undefined,
  manifest: VerifiedBackup['manifest'],
): string[] {
  if (proof === undefined || proof.outcome === 'passed') return []
  if (proof.outcome === 'failed') {
    return proof.level === 4
      ? [
          '  The backup restores, but the application fails on it: compare its version with the version at the time of the backup.',
        ]
      : ['  Do not rely on it: use another backup, or create a new one.']
  }
  if (proof.level === 3 && (manifest?.contents ?? null) === null)
    return [
      '  It was not restored on your server, where its code would have your privileges. If you trust the file: prisma-audit restore FILE --into NEW_DATABASE',
    ]
  return [
    proof.level === 2
      ? '  Without its manifest (.json), or with one of an earlier version, the backup cannot be compared with the database. --level 3 at least shows that it restores.'
      : '  The backup may be fine: verify it on a server where it can be restored (--url, a role with CREATEDB).',
  ]
}
