import path from 'node:path'
import { backUpProject } from '../../commands/back-up'
import { jsonDocument } from '../../text/data-text'
import { EXIT } from '../exit-codes'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions, type TerminalSession } from '../terminal-session'

export interface BackUpOptions extends CommonOptions {
  readonly format: 'text' | 'json'
  readonly output?: string
}

export async function backUpFromTerminal(options: BackUpOptions, terminal: Terminal): Promise<number> {
  const narrate = options.format === 'json' ? 'stderr' : 'stdout'
  const backUp = async ({ project, interaction }: TerminalSession): Promise<number> => {
    if (options.output !== undefined)
      project.choose({ backupFolder: path.resolve(terminal.workingFolder, options.output) })
    const target = await project.databaseTarget(interaction.signal)
    const backup = await backUpProject(project, interaction, target)
    if (options.format === 'json') terminal.output.writeData(jsonDocument({ formatVersion: 1, ...backup }))
    return EXIT.ok
  }
  return await withProject(options, terminal, narrate, backUp, 'any')
}
