import type { Severity } from '../audit/finding'
import type { Answer } from '../project/saved-findings'
import type { DatabaseTarget } from '../project/live-database'
import type { Project } from '../project/project'
import type { CheckReport } from '../report/findings-json'
import { reaches } from '../report/findings-json'
import { renderFindingsText } from '../report/findings-text'
import type { CommandOutcome, Interaction } from './interaction'
import { waitForLock } from './wait-for-lock'
import { inEnglish, type Translate } from '../text/translate'

/**
 * Reads the live catalog and holds the schema against it: that of the target, for a command that has one. Throws an AuditError
 * where either cannot be read.
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

/** The same for who asks nothing else: where nothing has changed since the last time, it is what was found then. */
export async function answerCheck(project: Project, interaction: Interaction): Promise<CheckReport> {
  interaction.progress(interaction.t('Reading the catalog'))
  const answer = await project.findings.answer(interaction.signal)
  // What is saved of the last time says nothing of the code, which may be another one since.
  const gaps = await project.findings.actorFindings(answer.files, interaction.signal)
  return reportOf(project, { ...answer, files: [...answer.files, ...gaps] })
}

function reportOf(project: Project, { models, database, files }: Answer): CheckReport {
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

/** The command as an editor runs it: the findings as text in the output panel. */
export async function checkCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  project.policyFile.refuseInvalid()
  const report = await checkProject(project, interaction, await project.databaseTarget(interaction.signal))
  interaction.output(renderFindingsText(report))
  // As many as the status bar and Problems count.
  return checkOutcome(report, 'information', interaction.t)
}

/** Failed where a model's name is misspelled in the policy: its rule requires nothing, so that the rest says too little. */
export function checkOutcome(
  report: CheckReport,
  threshold: Severity | 'none',
  t: Translate = inEnglish,
): CommandOutcome {
  const misspelled = report.findings.find(({ code, severity }) => code === 'policy-model' && severity === 'error')
  if (misspelled !== undefined) return { status: 'failed', message: misspelled.message }
  const count = report.findings.filter((finding) => reaches([finding], threshold)).length
  if (count === 0) return { status: 'done', message: t('The schema and the database match the policy.') }
  const message = count === 1 ? t('1 finding; see the output.') : t('{0} findings; see the output.', count)
  return { status: 'findings', message }
}
