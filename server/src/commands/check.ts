import type { Severity } from '../audit/finding'
import { modelsOf } from '../schema/lookup'
import type { Project } from '../project/project'
import type { CheckReport } from '../report/findings-json'
import { reaches } from '../report/findings-json'
import { renderFindingsText } from '../report/findings-text'
import type { CommandOutcome, Interaction } from './interaction'

/** Reads the live catalog and holds the schema against it. Throws an AuditError where either cannot be read. */
export async function checkProject(project: Project, interaction: Interaction): Promise<CheckReport> {
  interaction.progress('Reading the catalog')
  await project.readDatabase(interaction.signal)
  return checkReport(project)
}

/** The report of what the project knows now. */
export function checkReport(project: Project): CheckReport {
  return {
    schemaFiles: project.schema.files.map((file) => project.displayPath(file.path)),
    models: modelsOf(project.schema).length,
    database: project.database,
    findings: project.findings().map((finding) => ({ ...finding, file: project.displayPath(finding.file) })),
  }
}

/** The command as an editor runs it: the findings as text in the output panel. */
export async function checkCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const report = await checkProject(project, interaction)
  interaction.output(renderFindingsText(report))
  return checkOutcome(report, 'warning')
}

export function checkOutcome(report: CheckReport, threshold: Severity | 'none'): CommandOutcome {
  const count = report.findings.filter((finding) => reaches([finding], threshold)).length
  if (count === 0) return { status: 'done', message: 'The schema and the database agree with the policy.' }
  return { status: 'findings', message: `${count} ${count === 1 ? 'finding' : 'findings'}; see the output.` }
}
