import path from 'node:path'
import { baselineFile, writeBaseline } from '../../commands/baseline'
import { checkProject, checkSchemaAlone, withFolderFindings } from '../../commands/check'
import { hasNeverMigrated, withReplayedMigrations } from '../../commands/replay-migrations'
import type { Terminal } from '../terminal'
import { withOutcome, withProject, type CommonOptions } from '../terminal-session'

export interface BaselineOptions extends CommonOptions {
  readonly output?: string
  /** Of the schema alone, without a database: there was nothing to replay. */
  readonly isAlone?: boolean
}

export async function baselineFromTerminal(options: BaselineOptions, terminal: Terminal): Promise<number> {
  if (options.replay) {
    return await withProject(options, terminal, 'stderr', async ({ project, interaction }) => {
      project.policyFile.refuseInvalid()
      if (hasNeverMigrated(project))
        return await baselineFromTerminal({ ...options, replay: false, isAlone: true }, terminal)
      return await withReplayedMigrations(project, interaction, (url, replayed) =>
        baselineFromTerminal({ ...options, replay: false, replayed, url }, terminal),
      )
    })
  }
  return await withOutcome(options, terminal, (project, interaction) => {
    const { output, cwd } = options
    const file = output === undefined ? baselineFile(project) : path.resolve(terminal.workingFolder, cwd, output)
    const check: typeof checkSchemaAlone = async (...given) => {
      if (options.isAlone === true) return await checkSchemaAlone(...given)
      const report = await checkProject(...given)
      return options.replayed === undefined ? report : withFolderFindings(project, report)
    }
    return writeBaseline(project, interaction, { file, check })
  })
}
