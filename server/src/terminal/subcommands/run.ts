import path from 'node:path'
import { guidedCommand } from '../../commands/guided'
import type { Terminal } from '../terminal'
import { preservedValuesOption } from './migrate'
import { withOutcome, type CommonOptions } from '../terminal-session'

export interface RunOptions extends CommonOptions {
  readonly output?: string
  readonly rehearse: boolean
  readonly scratchUrl?: string
  readonly backup: boolean
  readonly actor?: boolean
  readonly application: boolean
  readonly smoke?: boolean
  readonly leaveKeptValues: boolean
  readonly sql: boolean
}

export async function runFromTerminal(options: RunOptions, terminal: Terminal): Promise<number> {
  return await withOutcome(options, terminal, async (project, interaction) => {
    if (options.output !== undefined)
      project.choose({ backupFolder: path.resolve(terminal.workingFolder, options.output) })
    project.choose({ scratchUrl: options.scratchUrl ?? null })
    const { backup, actor, application, smoke } = options
    const rehearse = options.rehearse || options.scratchUrl !== undefined
    return await guidedCommand(project, interaction, {
      drift: options.drift === true,
      backup,
      actor,
      application,
      smoke,
      verbose: options.verbose === true,
      sql: options.sql || options.verbose === true,
      rehearse,
      preservedValues: preservedValuesOption(options),
    })
  })
}
