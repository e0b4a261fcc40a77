import { AuditError, describeError } from '../errors'
import { PRISMA_NOT_INSTALLED } from '../generate/errors'
import { filledRowsCheck, ownersCheck } from '../migration/plan/checks/owners'
import { renderRehearsalText } from '../migration/render/rehearsal'
import type { RunResult } from '../migration/run/run-options'
import type { Project } from '../project/project'
import { renderFindingsText } from '../report/findings-text'
import { renderVerificationText } from '../report/verification'
import { APPLICATION_STAGES, followInApplication, type ApplicationChoices } from './application-stages'
import type { StageName } from '../../../protocol/src/run-stages'
import { backUpFirst, withoutBackup } from './back-up'
import { checkProject } from './check'
import { generateProject } from './generate'
import type { CommandOutcome, Interaction } from './interaction'
import {
  confirmMigration,
  findMigrationWork,
  hasWork,
  migrateProject,
  requireWritableWork,
  type MigrateOptions,
  type WritableWork,
} from './migrate'
import { rehearsalOutcome, rehearseProject } from './rehearse'
import { reviewPlan, showPlan } from './show-plan'
import { Stages, type Skipped } from './stages'
import { resolveTarget, type Target } from './target'
import { applySchemaUpdate, schemaUpdate } from './update-schema'
import { requireValidSchema } from './validate-schema-edits'
import { describeOutcomes, reportOf, verificationOutcome, verifyProject, whyNothingIsProven } from './verify'
import { joinTexts, text } from '../text/safe-text'
import type { Check } from '../verification/model'

export interface GuidedOptions extends MigrateOptions, ApplicationChoices {
  /** Also plan everything else that the schema defines and the database lacks. */
  readonly drift: boolean
  /** Rehearse the migration first; the run stops if that fails. */
  readonly rehearse: boolean
  /** False only if the user chose not to back up. */
  readonly backup: boolean
  /** Show all findings, not just the first few. */
  readonly verbose: boolean
  /** Show the SQL of every check, not only of failed ones. */
  readonly sql: boolean
}

/**
 * The complete workflow in one run: check, back up, preview and confirm, migrate, edit the schema, generate, update the
 * application, and verify. It stops at the first failure, and says what was done and how to continue or roll back.
 */
export async function guidedCommand(
  project: Project,
  interaction: Interaction,
  options: GuidedOptions,
): Promise<CommandOutcome> {
  const stages = new Stages(interaction, stagesOf(options))
  try {
    const outcome = await runStages(project, interaction, options, stages)
    stages.close(outcome.status)
    return outcome
  } catch (error) {
    stages.close(interaction.signal.aborted ? 'cancelled' : 'failed')
    const state = await stages.stateOfRun()
    interaction.output(stages.describeStop(state))
    if (interaction.signal.aborted) return stages.cancelled(state)
    throw error
  }
}

function stagesOf({ rehearse }: GuidedOptions): StageName[] {
  const first: StageName[] = rehearse ? ['check', 'rehearse'] : ['check']
  return [...first, 'backup', 'confirm', 'migrate', 'schema', 'generate', ...APPLICATION_STAGES, 'verify']
}

async function runStages(
  project: Project,
  interaction: Interaction,
  options: GuidedOptions,
  stages: Stages,
): Promise<CommandOutcome> {
  stages.enter('check')
  const asked = await resolveTarget(project, interaction, options)
  stages.of(asked)
  const before = await checkProject(project, interaction, asked)
  interaction.output(renderFindingsText(before, options.verbose ? undefined : FINDINGS_AT_A_GLANCE))
  const found = await findMigrationWork(project, interaction, asked)
  const work = hasWork(found) ? await requireWritableWork(project, interaction, found) : null
  const { target, plan } = work ?? found
  const update = schemaUpdate(project, target, plan.additions)
  if (!hasWork(found) || work !== null) {
    await requireValidSchema(project, update.edits)
    project.paths.requireReplaceable(update.edits.map(({ file }) => file))
  }
  // A plan or a schema that is refused is the end of this stage.
  stages.finish('check')
  if (hasWork(found) && work === null) return stages.turnedAway()
  const schemaFiles = [...new Set(update.edits.map(({ file }) => project.paths.display(file)))]
  let checks: readonly Check[] = plan.checks
  if (work === null) passMigration(interaction, target, stages)
  else {
    const migrated = await migrateStages(project, interaction, options, { work, schemaFiles, stages })
    if ('ended' in migrated) return migrated.ended
    checks = checks.filter(isNotUndoneBy(migrated.result.putBack)).map(withJournal)
  }

  await stages.runOrSkip('schema', () => applySchemaUpdate(project, interaction, { target, additions: plan.additions }))
  await stages.runOrSkip('generate', () => generateOrSkip(project, interaction))
  const { problems, offersActor, toDo } = await followInApplication(project, interaction, options, {
    stages,
    target,
    plan,
  })
  const report = await stages.run('verify', () => verifyProject(project, interaction, target, checks))
  interaction.output(renderVerificationText(report, options.sql ? 'all' : 'failed'))
  // If nothing is required, there is nothing to verify.
  const isEmpty = report.results.length === 0
  const { t } = interaction
  const verified = verificationOutcome(report, t)
  const shown = reportOf(target, report, interaction.t)
  if (verified.status !== 'done' && !isEmpty) return { ...verified, report: shown }
  const proven = isEmpty ? whyNothingIsProven(report, t) : `${describeOutcomes(report, t)}.`
  return {
    status: problems.length === 0 ? 'done' : 'findings',
    ...(offersActor ? { next: ['actor'] } : {}),
    message: [stages.summary(), ...problems, proven, ...toDo].join(' '),
    report: shown,
  }
}

/** Everything up to the migration: its result, or how the run ended. */
async function migrateStages(
  project: Project,
  interaction: Interaction,
  options: GuidedOptions,
  run: { readonly work: WritableWork; readonly schemaFiles: readonly string[]; readonly stages: Stages },
): Promise<{ readonly result: RunResult } | { readonly ended: CommandOutcome }> {
  const { work, schemaFiles, stages } = run
  const rehearsal = options.rehearse
    ? await stages.run('rehearse', () => rehearseProject(project, interaction, work))
    : null
  if (rehearsal !== null) interaction.output(renderRehearsalText(rehearsal))
  if (rehearsal?.outcome === 'failed') {
    await showPlan(interaction, work, rehearsal)
    return { ended: rehearsalOutcome(rehearsal, interaction.t) }
  }
  stages.enter('backup')
  const backup = options.backup
    ? await backUpFirst(project, interaction, work)
    : { remark: withoutBackup(interaction.t), skipped: 'by your choice' }
  if (backup === null) return { ended: stages.turnedAway() }
  stages.end('backup', backup.skipped)
  const { remark } = backup
  stages.enter('confirm')
  if (!(await reviewPlan(interaction, work, rehearsal))) return { ended: stages.turnedAway() }
  const agreed = { ...work, schemaFiles }
  if (!(await confirmMigration(interaction, agreed, remark))) return { ended: stages.turnedAway() }
  stages.enter('migrate')
  if (work.unfinished.length > 0) stages.begunToMigrate(work.target)
  const onChange = () => stages.begunToMigrate(work.target)
  const result = await migrateProject(project, interaction, agreed, remark, {
    ...options,
    onChange,
    onStep: (progress) => stages.step(progress),
  })
  if (result === null) return { ended: stages.turnedAway() }
  if (result.status !== 'completed') {
    stages.stepsDone(result.applied.length + result.alreadyThere.length)
    const state = await stages.stateOfRun()
    interaction.output(stages.describeStop(state))
    return { ended: stages.cancelled(state) }
  }
  stages.finish('migrate')
  return { result }
}

function passMigration(interaction: Interaction, target: Target, stages: Stages): void {
  stages.passMigration(target)
  interaction.output(
    target.plans !== 'audit fields'
      ? text`Migrate: the database has everything that the schema defines.`
      : text`Migrate: the database has everything that the policy requires.`,
  )
}

/** The number of findings shown at first; `check` lists all. */
const FINDINGS_AT_A_GLANCE = 10

/** If NULLs that the application had written were restored, existing rows may be without a value. */
function isNotUndoneBy(restored: RunResult['putBack']): (check: Check) => boolean {
  const columns = restored.filter(({ hadNulls }) => hadNulls)
  const filled = new Set(columns.flatMap((column) => [filledRowsCheck(column).sql, ownersCheck(column).sql]))
  return ({ sql }) => !filled.has(sql)
}

/** After a run, whose journal is in the database. */
function withJournal({ sqlWithJournal, ...check }: Check): Check {
  return sqlWithJournal === undefined ? check : { ...check, sql: sqlWithJournal }
}

/**
 * A project without its own Prisma has nothing to generate with; the database and the schema are complete, so the run
 * continues and reports it. A generate that runs and fails stops the run.
 */
async function generateOrSkip(project: Project, interaction: Interaction): Promise<Skipped> {
  try {
    await generateProject(project, interaction)
    return null
  } catch (error) {
    if (!(error instanceof AuditError) || error.code !== PRISMA_NOT_INSTALLED) throw error
    interaction.output(joinTexts([text`Generate: skipped.`, describeError(error, interaction.t)]))
    return 'Prisma is not installed'
  }
}
