import { checkProject } from '../../commands/check'
import { coverageOf } from '../../editor/coverage'
import type { CheckReport } from '../../report/findings-json'
import { renderGitlab } from '../../report/findings-gitlab'
import { renderFindingsJson } from '../../report/findings-json'
import { renderFindingsJunit } from '../../report/findings-junit'
import { renderFindingsMarkdown } from '../../report/findings-markdown'
import { renderFindingsSarif } from '../../report/findings-sarif'
import { renderFindingsText } from '../../report/findings-text'
import type { SafeText } from '../../text/safe-text'
import { inEnglish } from '../../text/translate'
import type { CheckFormat } from '../output-formats'
import type { TerminalSession } from '../terminal-session'
import type { RenderedReport } from './write-reports'

/** The report in a format for people, or in one for programs. */
export async function renderCheck(
  report: CheckReport,
  format: CheckFormat,
  session: TerminalSession,
  version: string,
): Promise<RenderedReport> {
  if (format === 'text') return { text: renderFindingsText(report), data: null }
  if (format === 'markdown') return { text: await renderMarkdown(report, session), data: null }
  return { text: null, data: DATA[format](report, version) }
}

const DATA = {
  json: renderFindingsJson,
  sarif: renderFindingsSarif,
  junit: renderFindingsJunit,
  gitlab: ({ findings }: CheckReport) => renderGitlab(findings),
}

/** The catalog is read again if the findings are cached. */
async function renderMarkdown(report: CheckReport, { project, interaction }: TerminalSession): Promise<SafeText> {
  if (project.policy === null) return renderFindingsMarkdown(report, null)
  if (project.database === null && report.database !== null) await checkProject(project, interaction)
  return renderFindingsMarkdown(
    report,
    coverageOf(inEnglish, project.schema, project.policy, (model) => project.findings.sidesOf(model)),
  )
}
