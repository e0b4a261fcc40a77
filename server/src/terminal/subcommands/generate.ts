import { generateCommand } from '../../commands/generate'
import type { Terminal } from '../terminal'
import { withOutcome, type CommonOptions } from '../terminal-session'

export async function generateFromTerminal(options: CommonOptions, terminal: Terminal): Promise<number> {
  return await withOutcome(options, terminal, generateCommand)
}
