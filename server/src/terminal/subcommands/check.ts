import type { Severity } from '../../audit/finding'
import { answerCheck, checkOutcome, checkProject } from '../../commands/check'
import { renderFindingsJson } from '../../report/findings-json'
import { renderFindingsSarif } from '../../report/findings-sarif'
import { renderFindingsText } from '../../report/findings-text'
import { jsonDocument } from '../../text/data-text'
import { exitCodeOf } from '../exit-codes'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions, type TerminalSession } from '../terminal-session'

export interface CheckOptions extends CommonOptions {
  readonly format: 'text' | 'json' | 'sarif' | 'timing'
  readonly failOn: Severity | 'none'
  readonly repeat: number
}

export async function checkFromTerminal(options: CheckOptions, terminal: Terminal): Promise<number> {
  return await withProject(options, terminal, 'stderr', async (session) => {
    if (options.format === 'timing') return await timeChecks(session, options.repeat, terminal)
    const report = await answerCheck(session.project, session.interaction)
    if (options.format === 'text') terminal.output.writeText(renderFindingsText(report))
    else {
      const render = options.format === 'json' ? renderFindingsJson : renderFindingsSarif
      terminal.output.writeData(render(report, terminal.version))
    }
    return exitCodeOf(checkOutcome(report, options.failOn))
  })
}

/** One figure a read-and-compare on a warm connection; the first reading, which opens it, is not counted. */
async function timeChecks(
  { project, interaction }: TerminalSession,
  repeat: number,
  terminal: Terminal,
): Promise<number> {
  await checkProject(project, interaction)
  const milliseconds: number[] = []
  for (let turn = 0; turn < repeat; turn++) {
    const start = performance.now()
    await project.readDatabase(interaction.signal)
    project.findings()
    milliseconds.push(Math.round((performance.now() - start) * 1000) / 1000)
  }
  terminal.output.writeData(jsonDocument({ milliseconds }, 0))
  return 0
}
