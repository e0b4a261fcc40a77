import { initAgents } from '../../commands/init-agents'
import type { Terminal } from '../terminal'
import { withOutcome, type CommonOptions } from '../terminal-session'

export async function initFromTerminal(options: Omit<CommonOptions, 'yes'>, terminal: Terminal): Promise<number> {
  return await withOutcome(
    { ...options, yes: false },
    terminal,
    (project) => Promise.resolve(initAgents(project)),
    'any',
  )
}
