import path from 'node:path'
import { guidedCommand } from '../../commands/guided'
import type { Terminal } from '../terminal'
import { withOutcome, type CommonOptions } from '../terminal-session'

export interface RunOptions extends CommonOptions {
  readonly output?: string
  readonly rehearse: boolean
  readonly scratchUrl?: string
  readonly backup: boolean
  readonly application: boolean
}

export async function runFromTerminal(options: RunOptions, terminal: Terminal): Promise<number> {
  return await withOutcome(options, terminal, async (project, interaction) => {
    if (options.output !== undefined) project.backupDirectory = path.resolve(terminal.workingFolder, options.output)
    project.scratchUrl = options.scratchUrl ?? null
    return await guidedCommand(project, interaction, {
      ...options,
      rehearse: options.rehearse || options.scratchUrl !== undefined,
    })
  })
}
