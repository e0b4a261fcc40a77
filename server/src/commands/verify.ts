import { phraseOfAnswer, phraseOfCheck, phraseOfFound } from '../migration/plan/check-titles'
import { phraseIn } from '../text/phrase'
import type { Project } from '../project/project'
import { requireNoCodeAtPlanning } from '../database/code-at-planning'
import { describeUrl } from '../database/describe-url'
import { quoteQualified } from '../database/quote'
import { renderVerificationJson } from '../report/verification'
import { renderVerificationDocument } from '../report/verification-document'
import { planMigration } from '../migration/plan/plan-migration'
import { verificationChecks } from '../migration/plan/verification-checks'
import { standingRuns } from '../migration/run/roll-back/roll-back-progress'
import { isOwnRun } from '../migration/run/journal/run-target'
import { lookupSchemaOf } from '../migration/run/run-options'
import { databaseNameOf, databaseSchemaOf, modelsOf } from '../schema/lookup'
import { boundedIn } from '../text/bounded-list'
import { text } from '../text/safe-text'
import type { Check, CheckResult, VerificationReport } from '../verification/model'
import { runChecks, type CheckListener } from '../verification/run-checks'
import type { CommandOutcome, Interaction } from './interaction'
import { policyOf, resolveTarget, withTarget, type Target } from './target'
import { withTriedTriggers } from './try-triggers'
import { waitForLock } from './wait-for-lock'
import { inEnglish, type Translate } from '../text/translate'
import { labelIn } from '../database/describe-url'

/** Verifies on the live database that what the policy requires exists and works, and runs the `further` checks. */
export async function verifyProject(
  project: Project,
  interaction: Interaction,
  target: Target,
  further: readonly Check[] = [],
): Promise<VerificationReport> {
  const ofPolicy = await checksOfPolicy(project, interaction, target)
  const asked = new Set(ofPolicy.map(({ sql }) => sql))
  const checks = [...ofPolicy, ...further.filter(({ sql }) => !asked.has(sql))]
  return await runOnTarget(project, interaction, target, checks)
}

/** Runs the checks on the live database. */
export async function runOnTarget(
  project: Project,
  interaction: Interaction,
  target: Target,
  checks: readonly Check[],
  listener?: CheckListener,
): Promise<VerificationReport> {
  const tables = modelsOf(project.schema).map(({ model }) =>
    quoteQualified(databaseSchemaOf(model) ?? lookupSchemaOf(target), databaseNameOf(model)),
  )
  return await withTarget(target, interaction, async (client) => {
    await requireNoCodeAtPlanning(client, tables)
    return await runChecks(client, checks, target.label, listener)
  })
}

/** What the policy requires of the database now. */
export async function checksOfPolicy(
  project: Project,
  interaction: Interaction,
  target: Target,
): Promise<readonly Check[]> {
  const policy = policyOf(project, target)
  interaction.progress(interaction.t('Verifying'))
  const database = await waitForLock(target, interaction, async () => {
    const read = await project.readTarget(target, interaction.signal)
    return await withTriedTriggers(interaction, target, { schema: project.schema, policy, database: read })
  })
  return policy === null ? [] : verificationChecks({ schema: project.schema, policy, database })
}

export async function verifyCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const target = await resolveTarget(project, interaction, { drift: false })
  const report = await verifyProject(project, interaction, target)
  const missing = report.failed === 0 ? [] : await fieldsNeverAdded(project, interaction, target)
  if (missing.length > 0) {
    interaction.output(text`Verification: ${notMigrated(inEnglish, target, missing)}`)
    return { status: 'findings', message: notMigrated(interaction.t, target, missing), next: ['migrate'] }
  }
  // Not in the output as well: the editor shows the report, and the checks of hundreds of models are thousands of lines.
  return { ...verificationOutcome(report, interaction.t), report: reportOf(target, report, interaction.t) }
}

function notMigrated(t: Translate, target: Target, missing: readonly string[]): string {
  const lacks = boundedIn(t, missing, 3).join(', ')
  return t('{0} is not migrated yet, so there is nothing to verify. Missing: {1}.', labelIn(t, target), lacks)
}

/** An editor shows it separately: in the output it would be far above the end. */
export function reportOf(
  { url, label }: Pick<Target, 'url' | 'label'>,
  report: VerificationReport,
  t: Translate,
): NonNullable<CommandOutcome['report']> {
  return {
    title: t('Verification: {0}', describeUrl(url).database),
    subject: `Verification of ${label}`,
    folded: renderVerificationDocument(
      { ...report, database: labelIn(t, { url }), results: report.results.map((result) => inLanguage(result, t)) },
      t,
    ),
    json: renderVerificationJson(report),
  }
}

function inLanguage(result: CheckResult, t: Translate): CheckResult {
  const { check } = result
  const title = phraseIn(t, phraseOfCheck(check.title))
  const expected = phraseIn(t, phraseOfAnswer(check.expected))
  return { ...result, check: { ...check, title, expected }, found: phraseIn(t, phraseOfFound(result)) }
}

/**
 * The audit fields that the database lacks, if the journal has no applied migration: then nothing has failed, because
 * no one has migrated yet or the migration was rolled back.
 */
async function fieldsNeverAdded(project: Project, interaction: Interaction, target: Target): Promise<string[]> {
  const standing = await withTarget(target, interaction, (client) => standingRuns(client))
  if (standing.some((run) => isOwnRun(run, target))) return []
  const database = await project.readTarget(target, interaction.signal)
  const { additions } = planMigration({ schema: project.schema, policy: project.policyFile.require(), database })
  return additions.filter(({ missingIn }) => missingIn !== 'schema').map(({ model, field }) => `${model}.${field}`)
}

export function verificationOutcome(report: VerificationReport, t: Translate = inEnglish): CommandOutcome {
  const { notProven = 0, results } = report
  if (report.failed === 0 && notProven > 0) {
    const message = t('Not proven: the role lacks the privileges for {0} of {1} checks.', notProven, results.length)
    return { status: 'findings', message }
  }
  if (report.passed + report.failed === 0) return { status: 'findings', message: whyNothingIsProven(report, t) }
  if (report.failed === 0)
    return { status: 'done', message: t('Verified: {0}.', lowerFirst(describeOutcomes(report, t))) }
  const skipped = report.skipped === 0 ? '' : `, ${describeSkipped(report, t)}`
  const message = t('Verification failed: {0} of {1} checks{2}.', report.failed, results.length, skipped)
  return { status: 'findings', message }
}

/** `All 15 checks passed`, or `7 checks passed, 8 skipped: the server is a read replica`. */
export function describeOutcomes(report: VerificationReport, t: Translate = inEnglish): string {
  const { passed, skipped } = report
  if (skipped === 0 && passed !== 1) return t('All {0} checks passed', passed)
  const outcome = passed === 1 ? t('1 check passed') : t('{0} checks passed', passed)
  return skipped === 0 ? outcome : `${outcome}, ${describeSkipped(report, t)}`
}

/** A policy whose patterns match no model would look satisfied. */
export function whyNothingIsProven(report: VerificationReport, t: Translate = inEnglish): string {
  if (report.results.length > 0) return t('Nothing was verified: {0}.', describeSkipped(report, t))
  return t(
    'Nothing was verified: no table can have the audit fields that the policy requires. `prisma-audit plan` shows why.',
  )
}

/** Each reason once. */
function describeSkipped({ skipped, results }: VerificationReport, t: Translate): string {
  const reasons = results
    .filter(({ outcome }) => outcome === 'skipped')
    .map((result) => phraseIn(t, phraseOfFound(result)))
  return t('{0} skipped: {1}', skipped, [...new Set(reasons)].join('; '))
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
