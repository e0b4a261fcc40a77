import { resolveTarget } from '../../commands/target'
import { verificationOutcome, verifyProject } from '../../commands/verify'
import { renderVerificationJson, renderVerificationJunit, renderVerificationText } from '../../report/verification'
import { lineOf } from '../../text/safe-text'
import { exitCodeOf } from '../exit-codes'
import type { VerifyFormat } from '../output-formats'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions } from '../terminal-session'

export interface VerifyOptions extends CommonOptions {
  readonly format: VerifyFormat
  readonly sql: boolean
}

export async function verifyFromTerminal(options: VerifyOptions, terminal: Terminal): Promise<number> {
  return await withProject(options, terminal, 'stderr', async ({ project, interaction }) => {
    const target = await resolveTarget(project, interaction, { drift: false })
    const report = await verifyProject(project, interaction, target)
    if (options.format === 'text')
      terminal.output.writeText(renderVerificationText(report, options.sql ? 'all' : 'failed'))
    else {
      const render = options.format === 'json' ? renderVerificationJson : renderVerificationJunit
      terminal.output.writeData(render(report))
    }
    const outcome = verificationOutcome(report)
    // Neither a table without rows nor JSON shows it.
    if (report.passed + report.failed === 0) interaction.output(lineOf(outcome.message))
    return exitCodeOf(outcome)
  })
}
