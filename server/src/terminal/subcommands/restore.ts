import path from 'node:path'
import { restoreCommand } from '../../commands/restore'
import type { Terminal } from '../terminal'
import { withOutcome, type CommonOptions } from '../terminal-session'

export interface RestoreOptions extends CommonOptions {
  readonly force: boolean
}

export async function restoreFromTerminal(file: string, options: RestoreOptions, terminal: Terminal): Promise<number> {
  const backup = path.resolve(terminal.workingFolder, options.cwd, file)
  return await withOutcome(options, terminal, (project, interaction) =>
    restoreCommand(project, interaction, { path: backup, force: options.force }),
  )
}
