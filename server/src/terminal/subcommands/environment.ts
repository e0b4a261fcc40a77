import { setEnvironmentCommand } from '../../commands/set-environment'
import type { Terminal } from '../terminal'
import { withOutcome, type CommonOptions } from '../terminal-session'

export async function environmentFromTerminal(options: CommonOptions, terminal: Terminal): Promise<number> {
  return await withOutcome(options, terminal, setEnvironmentCommand, 'any')
}
