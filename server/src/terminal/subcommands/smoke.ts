import { smokeOutcome, testApplication } from '../../commands/smoke'
import { renderSmokeJson, renderSmokeText } from '../../smoke/render-results'
import { lineOf } from '../../text/safe-text'
import { exitCodeOf } from '../exit-codes'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions } from '../terminal-session'

export interface SmokeTerminalOptions extends CommonOptions {
  readonly format: 'text' | 'json'
}

export async function smokeFromTerminal(options: SmokeTerminalOptions, terminal: Terminal): Promise<number> {
  return await withProject(options, terminal, 'stderr', async ({ project, interaction }) => {
    const results = await testApplication(project, interaction, { ask: false })
    if (results !== null) {
      if (options.format === 'json') terminal.output.writeData(renderSmokeJson(results))
      else terminal.output.writeText(renderSmokeText(results))
    }
    const outcome = smokeOutcome(results)
    interaction.output(lineOf(outcome.message))
    return exitCodeOf(outcome)
  })
}
