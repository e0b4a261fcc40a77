import type { Severity } from '../audit/finding'
import { isPolicyError } from '../audit/policy-findings'
import {
  databaseNotCompared,
  migrationsNotRun,
  migrationsPathUnknown,
  type MigrationsFolderFinding,
} from '../audit/schema-findings'
import { listMigrations } from '../migration/run/prisma-history/migration-files'
import { findingMessage } from '../editor/finding-message'
import type { Answer } from '../project/saved-findings'
import type { DatabaseTarget } from '../project/database-target'
import { scriptsNotRun } from '../project/migration-scripts'
import type { Project } from '../project/project'
import type { CheckReport } from '../report/findings-json'
import { reaches } from '../report/findings-json'
import type { CommandOutcome, Interaction } from './interaction'
import { modelsOf } from '../schema/lookup'
import { waitForLock } from './wait-for-lock'
import { inEnglish, type Translate } from '../text/translate'

/**
 * Reads the live catalog (of the target, if there is one) and compares the schema with it. Throws an AuditError if
 * either cannot be read.
 */
export async function checkProject(
  project: Project,
  interaction: Interaction,
  target: DatabaseTarget | null = null,
): Promise<CheckReport> {
  interaction.progress(interaction.t('Reading the catalog'))
  project.policyFile.refuseInvalid()
  const { signal } = interaction
  const database = await (target === null
    ? project.readDatabase(signal)
    : waitForLock(target, interaction, () => project.readTarget(target, signal)))
  await project.findings.lookForActor(signal)
  return reportOf(project, project.findings.answerFrom(database))
}

/** The same from the cache: if nothing has changed since the last check, its findings. */
export async function answerCheck(project: Project, interaction: Interaction): Promise<CheckReport> {
  interaction.progress(interaction.t('Reading the catalog'))
  const answer = await project.findings.answer(interaction.signal)
  // The cache does not cover the application's code, which may have changed.
  const gaps = await project.findings.actorFindings(answer.files, interaction.signal)
  return reportOf(project, { ...answer, files: [...answer.files, ...gaps] })
}

/** Without any database: what the schema alone says, and that nothing was compared. */
export async function checkSchemaAlone(project: Project, interaction: Interaction): Promise<CheckReport> {
  project.policyFile.refuseInvalid()
  await project.findings.lookForActor(interaction.signal)
  const { schema, migrationsFolder, paths } = project
  const report = reportOf(project, {
    models: modelsOf(schema).length,
    database: null,
    files: project.findings.byFile(),
  })
  const [file] = report.schemaFiles
  const note = file === undefined ? [] : [databaseNotCompared(file, paths.display(migrationsFolder))]
  return withFolderFindings(project, { ...report, findings: [...note, ...report.findings] })
}

/** Adds what is said of the folder of the migrations: for reports that depend on it. */
export function withFolderFindings(project: Project, report: CheckReport): CheckReport {
  return { ...report, findings: [...migrationsFolderFindings(project), ...report.findings] }
}

/** That the folder is a guess, and that Prisma does not run some of its files. */
export function migrationsFolderFindings(project: Project): MigrationsFolderFinding[] {
  const { migrationsPathHiddenIn: config, migrationsFolder, paths } = project
  const folder = paths.display(migrationsFolder)
  // A warning only where nothing is read: with migrations there, the guess is likely right.
  const severity = listMigrations(migrationsFolder).length > 0 ? 'information' : 'warning'
  const [first, ...others] = scriptsNotRun(project)
  return [
    ...(config === null ? [] : [migrationsPathUnknown(paths.display(config), folder, severity)]),
    ...(first === undefined ? [] : [migrationsNotRun(paths.display(first), others.length, folder)]),
  ]
}

function reportOf(
  project: Project,
  { models, database, files }: Omit<Answer, 'database'> & Pick<CheckReport, 'database'>,
): CheckReport {
  return {
    schemaFiles: files.flatMap(({ file }) => (project.ownsSchemaFile(file) ? [project.paths.display(file)] : [])),
    models,
    database,
    findings: files.flatMap(({ file, findings }) => {
      const shown = project.paths.display(file)
      return findings.map((finding) => ({ ...finding, file: shown }))
    }),
  }
}

/** The command in an editor, which lists the findings itself: hundreds of models can have thousands. */
export async function checkCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  project.policyFile.refuseInvalid()
  const report = await checkProject(project, interaction, await project.databaseTarget(interaction.signal))
  // The same number as in the status bar and Problems.
  const outcome = checkOutcome(report, 'information', interaction.t)
  if (outcome.status !== 'done' || project.policyFile.exists) return outcome
  const message = interaction.t('The schema and the database are in sync. There is no audit policy.')
  return { ...outcome, message, next: ['create-policy'] }
}

/** Fails if the policy misspells a model's name: that rule requires nothing, so the other findings are incomplete. */
export function checkOutcome(
  report: CheckReport,
  threshold: Severity | 'none',
  t: Translate = inEnglish,
): CommandOutcome {
  const misspelled = report.findings.find(isPolicyError)
  if (misspelled !== undefined) return { status: 'failed', message: findingMessage(t, misspelled), next: ['problems'] }
  const count = report.findings.filter((finding) => reaches([finding], threshold)).length
  if (count === 0) return { status: 'done', message: t('The schema and the database match the policy.') }
  const message = count === 1 ? t('1 finding.') : t('{0} findings.', count)
  return { status: 'findings', message, next: ['problems'] }
}
