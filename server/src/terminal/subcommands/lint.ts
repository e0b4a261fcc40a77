import path from 'node:path'
import type { Severity } from '../../audit/finding'
import { lintOutcome, lintProject } from '../../commands/lint'
import { renderLintGitlab, renderLintJson, renderLintJunit, renderLintSarif, renderLintText } from '../../report/lint'
import { exitCodeOf } from '../exit-codes'
import type { FurtherReport, LintFormat } from '../output-formats'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions } from '../terminal-session'
import { writeReports } from './write-reports'

export interface LintCommandOptions extends CommonOptions {
  readonly format: LintFormat
  readonly report: readonly FurtherReport<LintFormat>[]
  readonly failOn: Severity | 'none'
  /** A Git commit: lint what is new since then. */
  readonly base?: string
}

export async function lintFromTerminal(
  paths: readonly string[],
  options: LintCommandOptions,
  terminal: Terminal,
): Promise<number> {
  return await withProject(options, terminal, 'stderr', async ({ project, interaction }) => {
    const folder = path.resolve(terminal.workingFolder, options.cwd)
    const named = paths.map((name) => path.resolve(folder, name))
    const { base } = options
    const report = await lintProject(project, { named, ...(base === undefined ? {} : { base }) }, interaction)
    const render = (format: LintFormat) =>
      format === 'text'
        ? { text: renderLintText(report), data: null }
        : { text: null, data: DATA[format](report, terminal.version) }
    await writeReports(options.report, render, project, { terminal, folder })
    const { text, data } = render(options.format)
    if (data === null) terminal.output.writeText(text)
    else terminal.output.writeData(data)
    return exitCodeOf(lintOutcome(report, options.failOn))
  })
}

const DATA = { json: renderLintJson, sarif: renderLintSarif, junit: renderLintJunit, gitlab: renderLintGitlab }
