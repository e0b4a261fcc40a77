import { rollBackCommand } from '../../commands/roll-back'
import type { Terminal } from '../terminal'
import { withOutcome, type CommonOptions } from '../terminal-session'

export interface RollBackOptions extends CommonOptions {
  readonly dropData: boolean
  readonly application: boolean
}

export async function rollBackFromTerminal(options: RollBackOptions, terminal: Terminal): Promise<number> {
  return await withOutcome(options, terminal, (project, interaction) =>
    rollBackCommand(project, interaction, { dropData: options.dropData, application: options.application }),
  )
}
