import path from 'node:path'
import type { Interaction } from '../../commands/interaction'
import type { CopyBackExtent } from '../../backup/tables/copy-back'
import { restoreCommand } from '../../commands/restore'
import type { Project } from '../../project/project'
import type { Terminal } from '../terminal'
import { withOutcome, type CommonOptions } from '../terminal-session'

export interface RestoreOptions extends CommonOptions {
  readonly into?: string
  readonly over: boolean
  /** The former name of the option. */
  readonly force: boolean
  readonly table: readonly string[]
  readonly copyBack?: CopyBackExtent
}

export async function restoreFromTerminal(
  file: string | undefined,
  options: RestoreOptions,
  terminal: Terminal,
): Promise<number> {
  const backup = file === undefined ? null : path.resolve(terminal.workingFolder, options.cwd, file)
  const restore = (project: Project, interaction: Interaction) =>
    restoreCommand(project, interaction, {
      path: backup,
      into: options.into ?? null,
      over: options.over || options.force,
      tables: options.table,
      copyBack: options.copyBack ?? null,
    })
  return await withOutcome(options, terminal, restore, 'any')
}
