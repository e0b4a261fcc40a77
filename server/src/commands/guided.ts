import { AuditError, describeError } from '../errors'
import { PRISMA_NOT_INSTALLED } from '../generate/errors'
import { renderRehearsalText } from '../migration/render/rehearsal'
import type { Project } from '../project/project'
import { renderFindingsText } from '../report/findings-text'
import { renderVerificationText } from '../report/verification'
import { offerApplicationEdits } from './application'
import { backUpProject } from './back-up'
import { checkProject } from './check'
import { generateProject } from './generate'
import type { CommandOutcome, Interaction } from './interaction'
import { confirmMigration, findMigrationWork, hasWork, migrateProject, type MigrateOptions } from './migrate'
import { rehearsalOutcome, rehearseProject } from './rehearse'
import { showPlan } from './show-plan'
import { Stages, type Skipped } from './stages'
import { resolveTarget, type Target } from './target'
import { applySchemaUpdate, schemaUpdate } from './update-schema'
import { requireValidSchema } from './validate-schema-edits'
import { describeOutcomes, verificationOutcome, verifyProject, whyNothingIsProven } from './verify'
import { joinTexts, text } from '../text/safe-text'

export interface GuidedOptions extends MigrateOptions {
  /** Plan what else the schema says and the database lacks, too. */
  readonly drift: boolean
  /** Rehearse the migration before anything else is done; the run stops where that fails. */
  readonly rehearse: boolean
  /** False only by an explicit choice of the user: then nothing is backed up. */
  readonly backup: boolean
  /** Show all findings, not the first few. */
  readonly verbose: boolean
  /** Show the SQL of each check, not of those that failed alone. */
  readonly sql: boolean
  /** Offer the edits of the application's code at the end. */
  readonly application: boolean
}

/**
 * The whole case in one run: check, back up, preview and confirm, migrate, write the schema, generate, verify, and
 * offer the application's edits. It stops at the first failure and says what was done and how to go on or back.
 */
export async function guidedCommand(
  project: Project,
  interaction: Interaction,
  options: GuidedOptions,
): Promise<CommandOutcome> {
  const stages = new Stages(interaction)
  try {
    return await runStages(project, interaction, options, stages)
  } catch (error) {
    interaction.output(stages.describeStop())
    if (interaction.signal.aborted) return { status: 'cancelled', message: stages.cancelMessage() }
    throw error
  }
}

async function runStages(
  project: Project,
  interaction: Interaction,
  options: GuidedOptions,
  stages: Stages,
): Promise<CommandOutcome> {
  stages.enter('Check')
  const target = await resolveTarget(project, interaction, options)
  const before = await checkProject(project, interaction, target)
  stages.finish('Check')
  interaction.output(renderFindingsText(before, options.verbose ? undefined : FINDINGS_AT_A_GLANCE))
  const work = await findMigrationWork(project, interaction, target)
  const update = schemaUpdate(project, target, work.plan.additions)
  await requireValidSchema(project, update.edits)

  if (hasWork(work)) {
    const rehearsal = options.rehearse
      ? await stages.run('Rehearse', () => rehearseProject(project, interaction, work))
      : null
    if (rehearsal !== null) interaction.output(renderRehearsalText(rehearsal))
    if (rehearsal?.outcome === 'failed') {
      await showPlan(interaction, work, rehearsal)
      return rehearsalOutcome(rehearsal)
    }
    stages.enter('Back up')
    const backup = await backUpOrAsk(project, interaction, target, options)
    if (backup === null) return stages.turnedAway()
    stages.end('Back up', backup.skipped)
    const { remark } = backup
    stages.enter('Preview and confirm')
    await showPlan(interaction, work, rehearsal)
    if (!(await confirmMigration(interaction, work, remark))) return stages.turnedAway()
    stages.enter('Migrate')
    if (work.unfinished.length > 0) stages.begunToMigrate()
    const onChange = () => stages.begunToMigrate()
    const result = await migrateProject(project, interaction, work, remark, { ...options, onChange })
    if (result === null) return stages.turnedAway()
    if (result.status !== 'completed') {
      interaction.output(stages.describeStop())
      return { status: 'cancelled', message: stages.cancelMessage() }
    }
    stages.finish('Migrate')
  } else {
    interaction.output(
      target.plans !== 'audit fields'
        ? text`Migrate: the database lacks nothing that the schema says.`
        : text`Migrate: the database has everything that the policy requires.`,
    )
  }

  await stages.runOrSkip('Write the schema', () => applySchemaUpdate(project, interaction, update))
  await stages.runOrSkip('Generate', () => generateOrSkip(project, interaction))
  const report = await stages.run('Verify', () => verifyProject(project, interaction, target, work.plan.checks))
  interaction.output(renderVerificationText(report, options.sql ? 'all' : 'failed'))
  // Where nothing is required there is nothing to prove.
  const isEmpty = report.results.length === 0
  const outcome = verificationOutcome(report)
  if (outcome.status !== 'done' && !isEmpty) return outcome
  if (!options.application) stages.skip("Application's code", 'as you chose')
  else if (project.policy !== null) {
    await stages.run("Application's code", () => offerApplicationEdits(project, interaction))
  }
  return {
    status: 'done',
    message: `${stages.summary()} ${isEmpty ? whyNothingIsProven(report) : `${describeOutcomes(report)}.`}`,
  }
}

/** The remark for the confirmation and why there is no backup, if so; or null when the user stopped at the question. */
async function backUpOrAsk(
  project: Project,
  interaction: Interaction,
  target: Target,
  options: GuidedOptions,
): Promise<{ readonly remark: string; readonly skipped: Skipped } | null> {
  if (!options.backup) return { remark: NO_BACKUP, skipped: 'as you chose' }
  try {
    const backup = await backUpProject(project, interaction, target)
    return { remark: `Backed up to ${project.paths.display(backup.path)}.`, skipped: null }
  } catch (error) {
    if (interaction.signal.aborted) throw error
    interaction.output(describeError(error))
    const answer = await interaction.confirm({
      message: 'Continue without a backup?',
      detail: ['The backup failed.', ...describeError(error).split('\n')],
      choices: [{ id: 'without', label: 'Continue Without Backup' }],
      yes: null,
    })
    return answer === 'without' ? { remark: NO_BACKUP, skipped: 'it failed' } : null
  }
}

/** How many findings the run shows at first; `check` lists all. */
const FINDINGS_AT_A_GLANCE = 10

const NO_BACKUP = 'No backup was made, as you chose.'

/**
 * Where the project has no Prisma of its own there is nothing to generate with; the database and the schema are right
 * all the same, so the run goes on and says it. A generate that ran and failed stops the run.
 */
async function generateOrSkip(project: Project, interaction: Interaction): Promise<Skipped> {
  try {
    await generateProject(project, interaction)
    return null
  } catch (error) {
    if (!(error instanceof AuditError) || error.code !== PRISMA_NOT_INSTALLED) throw error
    interaction.output(joinTexts([text`Generate: skipped.`, describeError(error)]))
    return 'Prisma is not installed'
  }
}
