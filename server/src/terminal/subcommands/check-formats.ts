import fs from 'node:fs'
import path from 'node:path'
import { checkProject } from '../../commands/check'
import { fileNotWritten } from '../../commands/errors'
import { coverageOf } from '../../editor/coverage'
import type { CheckReport } from '../../report/findings-json'
import { renderGitlab } from '../../report/findings-gitlab'
import { renderFindingsJson } from '../../report/findings-json'
import { renderFindingsJunit } from '../../report/findings-junit'
import { renderFindingsMarkdown } from '../../report/findings-markdown'
import { renderFindingsSarif } from '../../report/findings-sarif'
import { renderFindingsText } from '../../report/findings-text'
import type { DataText } from '../../text/data-text'
import type { SafeText } from '../../text/safe-text'
import { inEnglish } from '../../text/translate'
import type { CheckFormat, FurtherReport } from '../output-formats'
import type { Terminal } from '../terminal'
import type { TerminalSession } from '../terminal-session'

/** The report in a form that a person reads, or in one for programs; the other is null. */
export async function renderCheck(
  report: CheckReport,
  format: CheckFormat,
  session: TerminalSession,
  version: string,
): Promise<{ readonly text: SafeText; readonly data: null } | { readonly text: null; readonly data: DataText }> {
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

/** The catalog is read again where the findings are those of an earlier check. */
async function renderMarkdown(report: CheckReport, { project, interaction }: TerminalSession): Promise<SafeText> {
  if (project.policy === null) return renderFindingsMarkdown(report, null)
  if (project.database === null) await checkProject(project, interaction)
  return renderFindingsMarkdown(
    report,
    coverageOf(inEnglish, project.schema, project.policy, (model) => project.findings.sidesOf(model)),
  )
}

/**
 * Writes what `--report` asks for. A path is relative to the folder that the command runs in; below it, links of the repository lead
 * nowhere else. Throws `path-outside-project` and `file-not-written`.
 */
export async function writeReports(
  reports: readonly FurtherReport[],
  report: CheckReport,
  session: TerminalSession,
  { terminal, folder }: { readonly terminal: Terminal; readonly folder: string },
): Promise<void> {
  for (const { format, file } of reports) {
    const { text, data } = await renderCheck(report, format, session, terminal.version)
    const named = path.resolve(folder, file)
    const isOfFolder = !path.relative(folder, named).startsWith('..')
    const target = isOfFolder ? session.project.paths.resolveWritable(named) : named
    try {
      fs.mkdirSync(path.dirname(target), { recursive: true })
      fs.writeFileSync(target, terminal.secrets.blotOutKnown(data ?? text))
    } catch (error) {
      throw fileNotWritten(named, error)
    }
  }
}
