import { createHash } from 'node:crypto'
import path from 'node:path'
import type { Backup, BackUpOptions } from '../backup/back-up'
import type { AskToPull } from '../backup/choose-way'
import { backupCancelled } from '../backup/errors'
import { AuditError, describeError } from '../errors'
import { WHOLE_DATABASE } from '../backup/backup-way'
import type { Plan } from '../migration/model'
import { planFigures } from '../migration/render/plan-figures'
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
import { phraseIn } from '../text/phrase'
import { inEnglish, type Translate } from '../text/translate'
import { counted, formatBytes } from '../text/amounts'

type PullOffer = Parameters<AskToPull>[0]

/** What of a backup one may choose; see `BackUpOptions`. */
export type BackupChoices = Pick<BackUpOptions, 'level' | 'plan' | 'scope' | 'recipients' | 'jobs'>

/** Backs up, deletes what the policy does not keep, and offers to have Git ignore the folder. */
export async function backUpAndPrune(...parameters: Parameters<typeof backUpProject>): Promise<Backup> {
  const backup = await backUpProject(...parameters)
  const { pruneByPolicy } = await import('./prune-backups')
  const [project, interaction] = parameters
  await pruneByPolicy(project, interaction)
  await offerGitignore(project, interaction, backup.path)
  return backup
}

/** Backs the project's database up and says where the backup stands and what proves it. */
export async function backUpProject(
  project: Project,
  interaction: Interaction,
  target: DatabaseTarget,
  choices: BackupChoices = {},
): Promise<Backup> {
  // It brings what validates manifests, which takes its time to load.
  const { backUp } = await import('../backup/back-up')
  const { standing } = target
  const recipients = choices.recipients ?? recipientsIn(project.environment)
  // What is encrypted is one file, so the policy's wish is not for it.
  const policyJobs = recipients.length > 0 ? 1 : (project.policyFile.reading.policy?.backups.jobs ?? 1)
  interaction.progress(interaction.t('Backing up'))
  // pg_dump connects by itself, so it is asked before and after who answers.
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
    // A read-only database's server is left alone; of production it takes the person's own word.
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

/** Images have some hundred megabytes, so nobody's question is answered by `--yes`. */
export async function askToPull(
  interaction: Pick<Interaction, 't' | 'confirm'>,
  { image, engine, instead }: PullOffer,
): Promise<boolean> {
  const { t } = interaction
  const answer = await interaction.confirm({
    message: t('No pg_dump found for this server. Pull the image {0}?', image),
    detail: [t('{0} runs the pg_dump in the image. The download is several hundred megabytes.', engine)],
    choices: [
      { id: 'pull', label: t('Pull and Back Up') },
      ...(instead === null ? [] : [{ id: 'instead', label: t('Use the {0}', instead) }]),
    ],
    yes: null,
  })
  if (answer === null && instead !== null) throw backupCancelled()
  return answer === 'pull'
}

/** What a migration says of its backup, and why there is none, if so. */
export interface BackupBefore {
  /** For the question. */
  readonly remark: string
  readonly skipped: Skipped
}

/**
 * Backs up before a migration. Where that fails, the person tries again, stops (null), or goes on without one: that is the
 * last of the choices, and nothing that `--yes` stands for.
 */
export async function backUpFirst(
  project: Project,
  interaction: Interaction,
  {
    target,
    plan,
    unfinished,
  }: { readonly target: DatabaseTarget; readonly plan: Plan; readonly unfinished: readonly string[] },
): Promise<BackupBefore | null> {
  const { t } = interaction
  // The tables of a run that broke off are not in the plan.
  const isPartial = project.policyFile.reading.policy?.backups.scope === 'tables' && unfinished.length === 0
  const scope = isPartial ? scopeOfPlan(plan) : WHOLE_DATABASE
  for (;;) {
    try {
      const backup = await backUpAndPrune(project, interaction, target, { plan: planOf(plan), scope })
      const file = project.paths.display(backup.path)
      return {
        remark: t('Backed up to {0} (level {1}).', file, describeLevel(backup.level, backup.manifest.scope, t)),
        skipped: null,
      }
    } catch (error) {
      // Where the target does not answer any more, no backup has failed, and a migration would meet the same.
      if (interaction.signal.aborted || !(await isStillThere(target, interaction))) throw error
      interaction.output(describeError(error))
      const answer = await interaction.confirm({
        message: t('The backup of {0} failed.', target.label),
        detail: describeError(error).split('\n'),
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

/** How a manifest names the migration: equal plans have equal digests. */
function planOf(plan: Plan): NonNullable<BackUpOptions['plan']> {
  const digest = createHash('sha256').update(JSON.stringify(plan.steps.map(({ up }) => up)))
  return { digest: digest.digest('hex').slice(0, 16), title: planFigures(plan) }
}

async function isStillThere(target: DatabaseTarget, interaction: Interaction): Promise<boolean> {
  return await requireTarget(target, interaction).then(
    () => true,
    () => false,
  )
}

/** A table that is locked, with who has locked it as far as that is seen now; any other error as it is. */
async function namingHolders(error: unknown, target: DatabaseTarget, interaction: Interaction): Promise<unknown> {
  if (!(error instanceof AuditError) || error.code !== 'backup-table-locked') return error
  const holders = await describeHolders(target, interaction)
  const why = [...holders.map((holder) => `Held by ${holder}.`), ...error.why.split('\n')]
  return new AuditError(
    error.code,
    { what: error.message, why, nextStep: error.nextStep.split('\n') },
    { cause: error },
  )
}

/** The remark of a migration whose user wants none. */
export function withoutBackup(t: Translate): string {
  return t('You chose to continue without a backup.')
}

/** @param choices.level what must be reached: the command has failed otherwise, and the backup is there all the same */
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
    formatBytes(bytes),
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
    ...(jobs > 1 && !isFolder ? ['  jobs     1: only an installed pg_dump dumps several tables at a time'] : []),
    ...(backup.manifest.encryptedTo.length === 0 ? [] : [`  for      ${backup.manifest.encryptedTo.join(', ')}`]),
    `  scope    ${partialWords(backup.manifest.scope) ?? 'the whole database'}`,
    `  level    ${describeLevel(backup.level)}`,
    `  proof    ${backup.proof}`,
  ])
}
