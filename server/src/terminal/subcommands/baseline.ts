import path from 'node:path'
import { baselineFile, writeBaseline } from '../../commands/baseline'
import { withReplayedMigrations } from '../../commands/replay-migrations'
import type { Terminal } from '../terminal'
import { withOutcome, withProject, type CommonOptions } from '../terminal-session'

export interface BaselineOptions extends CommonOptions {
  readonly output?: string
}

export async function baselineFromTerminal(options: BaselineOptions, terminal: Terminal): Promise<number> {
  if (options.replay) {
    return await withProject(options, terminal, 'stderr', ({ project, interaction }) => {
      project.policyFile.refuseInvalid()
      return withReplayedMigrations(project, interaction, (url, replayed) =>
        baselineFromTerminal({ ...options, replay: false, replayed, url }, terminal),
      )
    })
  }
  return await withOutcome(options, terminal, (project, interaction) => {
    const { output, cwd } = options
    const file = output === undefined ? baselineFile(project) : path.resolve(terminal.workingFolder, cwd, output)
    return writeBaseline(project, interaction, file)
  })
}
