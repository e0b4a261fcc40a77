import { createHash } from 'node:crypto'
import path from 'node:path'
import type { Backup, BackUpOptions } from '../backup/back-up'
import type { AskToPull } from '../backup/choose-way'
import { backupCancelled } from '../backup/errors'
import { AuditError, describeError, listOf } from '../errors'
import { WHOLE_DATABASE } from '../backup/backup-way'
import type { Plan } from '../migration/model'
import { planFigures, type PlannedRun } from '../migration/render/plan-figures'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import type { Skipped } from './stages'
import { offerGitignore } from './offer-gitignore'
import { scopeOfPlan } from './backup-scope'
import { describeLevel, partialWords } from './backup-words'
import { smokeTestOfBackup } from './smoke-backup'
import { recipientsIn } from '../backup/encryption/age'
import { requireTarget } from './target'
import { describeHolders } from './wait-for-lock'
import { textOf, type SafeText } from '../text/safe-text'
import { inPlainEnglish, phrase, phraseIn } from '../text/phrase'
import { inEnglish, type Translate } from '../text/translate'
import { counted, formatBytes } from '../text/amounts'
import { sizeWords } from '../text/size-words'
import { labelIn } from '../database/describe-url'

type PullOffer = Parameters<AskToPull>[0]

/** The options of a backup; see `BackUpOptions`. */
export type BackupChoices = Pick<BackUpOptions, 'level' | 'plan' | 'scope' | 'recipients' | 'jobs' | 'mayUseServer'>

/** Backs up, deletes what the policy does not keep, and offers to have Git ignore the folder. */
export async function backUpAndPrune(...parameters: Parameters<typeof backUpProject>): Promise<Backup> {
  const backup = await backUpProject(...parameters)
  const { pruneByPolicy } = await import('./prune-backups')
  const [project, interaction] = parameters
  await pruneByPolicy(project, interaction, backup.path)
  await offerGitignore(project, interaction, backup.path)
  return backup
}

/** Backs up the project's database, and reports where the backup is and what proves it. */
export async function backUpProject(
  project: Project,
  interaction: Interaction,
  target: DatabaseTarget,
  choices: BackupChoices = {},
): Promise<Backup> {
  // Loaded only here, because the validation of manifests takes time to load.
  const { backUp } = await import('../backup/back-up')
  const { standing } = target
  const recipients = choices.recipients ?? recipientsIn(project.environment)
  // An encrypted backup is one file, so the policy's number of connections does not apply.
  const policyJobs = recipients.length > 0 ? 1 : (project.policyFile.reading.policy?.backups.jobs ?? 1)
  interaction.progress(interaction.t('Backing up'))
  // pg_dump opens its own connection, so the server's identity is checked before and after.
  await requireTarget(target, interaction)
  const backup = await backUp({
    url: target.url,
    directory: project.backupFolder,
    pgDumpPath: project.choices.pgDumpPath,
    environment: project.environment,
    signal: interaction.signal,
    onProgress: (message) => interaction.progress(phraseIn(interaction.t, message)),
    now: new Date(),
    jobs: policyJobs,
    ...(interaction.isAttended ? { mayPull: (offer) => askToPull(interaction, offer) } : {}),
    // A read-only server is not used for scratch databases; a production one only if the user says so.
    mayUseServer: standing.readOnly === null && (standing.environment !== 'production' || choices.level !== undefined),
    ...(choices.level === 4 ? { smoke: smokeTestOfBackup(project, interaction, standing) } : {}),
    ...choices,
    recipients,
  }).catch(async (error: unknown) => {
    throw await namingHolders(error, target, interaction)
  })
  await requireTarget(target, interaction)
  interaction.output(renderBackup(backup, choices.jobs ?? policyJobs))
  return backup
}

/** Images have some hundred megabytes, so `--yes` does not answer this. */
export async function askToPull(
  interaction: Pick<Interaction, 't' | 'confirm'>,
  { image, engine, instead, missing }: PullOffer,
): Promise<boolean> {
  const { t } = interaction
  const answer = await interaction.confirm({
    message: t('No pg_dump found for this server. Pull the image {0}?', image),
    detail: [
      phraseIn(t, missing),
      t('{0} runs the pg_dump in the image. The download is several hundred megabytes.', engine),
    ],
    choices: [
      { id: 'pull', label: t('Pull and Back Up') },
      ...(instead === null ? [] : [{ id: 'instead', label: phraseIn(t, phrase`Use the ${instead}`) }]),
    ],
    yes: null,
  })
  if (answer === null && instead !== null) throw backupCancelled()
  return answer === 'pull'
}

/** What a migration reports about its backup or, without one, why there is none. */
export interface BackupBefore {
  /** For the question. */
  readonly remark: string
  readonly skipped: Skipped
}

/**
 * Backs up before a migration. If that fails, the user can retry, stop (null), or continue without a backup, which
 * `--yes` never selects.
 */
export async function backUpFirst(
  project: Project,
  interaction: Interaction,
  work: PlannedRun & {
    readonly target: DatabaseTarget
    readonly plan: Plan
    readonly unfinished: readonly string[]
  },
): Promise<BackupBefore | null> {
  const { t } = interaction
  const { target, plan, unfinished } = work
  // The plan does not include the tables of an interrupted run.
  const isPartial = project.policyFile.reading.policy?.backups.scope === 'tables' && unfinished.length === 0
  const scope = isPartial ? scopeOfPlan(plan) : WHOLE_DATABASE
  for (;;) {
    try {
      const backup = await backUpAndPrune(project, interaction, target, {
        plan: { digest: digestOf(plan), title: planFigures(work) },
        scope,
      })
      const file = project.paths.display(backup.path)
      return {
        remark: [
          t('Backed up to {0} (level {1}).', file, describeLevel(backup.level, backup.manifest.scope, t)),
          ...(backup.toolReason === null ? [] : [phraseIn(t, backup.toolReason)]),
        ].join(' '),
        skipped: null,
      }
    } catch (error) {
      // If the target no longer responds, the backup is not the problem: a migration would fail too.
      if (interaction.signal.aborted || !(await isStillThere(target, interaction))) throw error
      interaction.output(describeError(error, interaction.t))
      const answer = await interaction.confirm({
        message: t('The backup of {0} failed.', labelIn(t, target)),
        detail: describeError(error, interaction.t).split('\n'),
        choices: [
          { id: 'retry', label: t('Retry') },
          { id: 'without', label: t('Continue Without Backup') },
        ],
        yes: null,
      })
      if (answer === 'without') return { remark: withoutBackup(t), skipped: 'it failed' }
      if (answer !== 'retry') return null
    }
  }
}

/** Identifies the migration in the manifest: equal plans have equal digests. */
function digestOf({ steps }: Plan): string {
  const digest = createHash('sha256').update(JSON.stringify(steps.map(({ up }) => up)))
  return digest.digest('hex').slice(0, 16)
}

async function isStillThere(target: DatabaseTarget, interaction: Interaction): Promise<boolean> {
  return await requireTarget(target, interaction).then(
    () => true,
    () => false,
  )
}

/**
 * Adds who holds the lock, if that can be seen now, to the error of a locked table; returns any other error unchanged.
 */
async function namingHolders(error: unknown, target: DatabaseTarget, interaction: Interaction): Promise<unknown> {
  if (!(error instanceof AuditError) || error.code !== 'backup-table-locked') return error
  const holders = await describeHolders(target, interaction)
  const { parts } = error
  const why = [...holders.map((holder) => phrase`Held by ${holder}.`), ...listOf(parts.why)]
  return new AuditError(error.code, { ...parts, why }, { cause: error })
}

/** Reported if the user chose to migrate without a backup. */
export function withoutBackup(t: Translate): string {
  return t('You chose to continue without a backup.')
}

/** @param choices.level the level to reach: if it is not reached, the command fails and the backup remains */
export async function backUpCommand(
  project: Project,
  interaction: Interaction,
  choices: BackupChoices = {},
): Promise<CommandOutcome> {
  const target = await project.databaseTarget(interaction.signal)
  return backupOutcome(await backUpAndPrune(project, interaction, target, choices), choices, interaction.t)
}

export function backupOutcome(
  { path: file, bytes, level, manifest }: Backup,
  choices: BackupChoices,
  t: Translate = inEnglish,
): CommandOutcome {
  const message = t(
    'Backed up to {0} ({1}), level {2}.',
    path.basename(file),
    phraseIn(t, sizeWords(bytes)),
    describeLevel(level, manifest.scope, t),
  )
  if (choices.level === undefined || level >= choices.level) return { status: 'done', message }
  return { status: 'findings', message: `${message} ${t('Level {0} was not reached.', choices.level)}` }
}

function renderBackup(backup: Backup, jobs: number): SafeText {
  const isFolder = backup.format === 'directory'
  return textOf([
    'Backup',
    `  ${isFolder ? 'folder' : 'file  '}   ${backup.path}`,
    `  size     ${formatBytes(backup.bytes)} (${counted(backup.bytes, 'byte')})`,
    `  SHA-256  ${backup.sha256}`,
    `  tool     ${backup.tool}`,
    ...(backup.toolReason === null ? [] : [`  because  ${inPlainEnglish(backup.toolReason)}`]),
    ...(jobs > 1 && !isFolder ? ['  jobs     1: only an installed pg_dump dumps several tables at a time'] : []),
    ...(backup.manifest.encryptedTo.length === 0 ? [] : [`  for      ${backup.manifest.encryptedTo.join(', ')}`]),
    `  scope    ${partialWords(backup.manifest.scope) ?? 'the whole database'}`,
    `  level    ${describeLevel(backup.level)}`,
    `  proof    ${backup.proof}`,
  ])
}
