import path from 'node:path'
import { renderBackups } from '../../commands/backups'
import { AuditError } from '../../errors'
import { jsonDocument } from '../../text/data-text'
import { lineOf } from '../../text/safe-text'
import { EXIT, exitCodeOf } from '../exit-codes'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions, type TerminalSession } from '../terminal-session'
import { englishOrNull, untranslated } from '../../text/phrase'

export interface BackupsOptions extends CommonOptions {
  readonly format: 'text' | 'json'
  readonly output?: string
  readonly keep?: number
  readonly dryRun: boolean
}

/** `prisma-audit backups`, and `prisma-audit backups prune`. Needs no database. */
export async function backupsFromTerminal(
  action: string | undefined,
  options: BackupsOptions,
  terminal: Terminal,
): Promise<number> {
  const narrate = action === 'prune' && options.format === 'text' ? 'stdout' : 'stderr'
  const work = async (session: TerminalSession): Promise<number> => {
    if (action !== undefined && action !== 'prune') throw usage(action)
    const folder =
      options.output === undefined ? session.project.backupFolder : path.resolve(terminal.workingFolder, options.output)
    return await (action === 'prune' ? prune(session, folder, options, terminal) : list(folder, options, terminal))
  }
  return await withProject(options, terminal, narrate, work, 'any')
}

async function list(folder: string, { format }: BackupsOptions, terminal: Terminal): Promise<number> {
  const { listBackups } = await import('../../backup/manifest/list-backups')
  const backups = listBackups(folder)
  if (format === 'json') {
    const { summaryOf } = await import('../../backup/manifest/manifest')
    const listed = backups.map(({ manifest, problem, ...backup }) => ({
      ...{ ...backup, problem: englishOrNull(problem), level: manifest?.level ?? null },
      manifest: manifest === null ? null : summaryOf(manifest),
    }))
    terminal.output.writeData(jsonDocument({ formatVersion: 1, folder, backups: listed }))
  } else terminal.output.writeText(renderBackups(folder, backups, new Date()))
  return EXIT.ok
}

async function prune(
  { project, interaction }: TerminalSession,
  folder: string,
  { format, keep, dryRun }: BackupsOptions,
  terminal: Terminal,
): Promise<number> {
  const { pruneBackups, pruneOutcome } = await import('../../commands/prune-backups')
  const pruned = await pruneBackups(project, interaction, { folder, keep: keep ?? null, dryRun })
  if (format === 'json') {
    const { kept, removable, isRemoved } = pruned
    const named = removable.map(({ path: file, bytes }) => ({ path: file, bytes }))
    terminal.output.writeData(jsonDocument({ formatVersion: 1, folder, kept, removable: named, isRemoved }))
  }
  const outcome = pruneOutcome(pruned, dryRun)
  interaction.output(lineOf(outcome.message))
  return exitCodeOf(outcome)
}

function usage(action: string): AuditError {
  return new AuditError('backup-usage', {
    what: untranslated`Cannot run: backups ${action}.`,
    why: untranslated`\`backups\` takes no arguments, or \`prune\`.`,
    nextStep: untranslated`Run \`prisma-audit backups --help\`.`,
  })
}
