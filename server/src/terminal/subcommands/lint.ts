import path from 'node:path'
import type { Severity } from '../../audit/finding'
import { lintOutcome, lintProject } from '../../commands/lint'
import { renderLintGitlab, renderLintJson, renderLintSarif, renderLintText } from '../../report/lint'
import { exitCodeOf } from '../exit-codes'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions } from '../terminal-session'

export interface LintCommandOptions extends CommonOptions {
  readonly format: 'text' | 'json' | 'sarif' | 'gitlab'
  readonly failOn: Severity | 'none'
}

export async function lintFromTerminal(
  paths: readonly string[],
  options: LintCommandOptions,
  terminal: Terminal,
): Promise<number> {
  return await withProject(options, terminal, 'stderr', async ({ project, interaction }) => {
    const folder = path.resolve(terminal.workingFolder, options.cwd)
    const named = paths.map((name) => path.resolve(folder, name))
    const report = await lintProject(project, named, interaction)
    if (options.format === 'text') terminal.output.writeText(renderLintText(report))
    else {
      const render = { json: renderLintJson, sarif: renderLintSarif, gitlab: renderLintGitlab }[options.format]
      terminal.output.writeData(render(report, terminal.version))
    }
    return exitCodeOf(lintOutcome(report, options.failOn))
  })
}
