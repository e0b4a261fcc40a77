import path from 'node:path'
import { renderBackups } from '../../commands/backups'
import { jsonDocument } from '../../text/data-text'
import { EXIT } from '../exit-codes'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions, type TerminalSession } from '../terminal-session'

export interface BackupsOptions extends CommonOptions {
  readonly format: 'text' | 'json'
  readonly output?: string
}

/** Lists the backups; no database is asked. */
export async function listBackupsFromTerminal(options: BackupsOptions, terminal: Terminal): Promise<number> {
  const work = async ({ project }: TerminalSession): Promise<number> => {
    const { listBackups } = await import('../../backup/manifest/list-backups')
    const folder =
      options.output === undefined ? project.backupFolder : path.resolve(terminal.workingFolder, options.output)
    const backups = listBackups(folder)
    if (options.format === 'json') {
      const { summaryOf } = await import('../../backup/manifest/manifest')
      const listed = backups.map(({ manifest, ...backup }) => ({
        ...{ ...backup, level: manifest?.level ?? null },
        manifest: manifest === null ? null : summaryOf(manifest),
      }))
      terminal.output.writeData(jsonDocument({ formatVersion: 1, folder, backups: listed }))
    } else terminal.output.writeText(renderBackups(folder, backups, new Date()))
    return EXIT.ok
  }
  return await withProject(options, terminal, 'stderr', work, 'any')
}
