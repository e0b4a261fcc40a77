import path from 'node:path'
import { backUpAndPrune, backupOutcome } from '../../commands/back-up'
import { chosenScope, type ScopeKind } from '../../commands/backup-scope'
import { verifiedOutcome, verifyBackupFile } from '../../commands/verify-backup'
import { AuditError } from '../../errors'
import { jsonDocument } from '../../text/data-text'
import { lineOf } from '../../text/safe-text'
import { exitCodeOf } from '../exit-codes'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions, type TerminalSession } from '../terminal-session'
import { englishOrNull, untranslated } from '../../text/phrase'

export interface BackUpOptions extends CommonOptions {
  readonly format: 'text' | 'json'
  readonly output?: string
  readonly level?: 1 | 2 | 3 | 4
  readonly scope: ScopeKind
  readonly encryptTo: readonly string[]
  readonly jobs?: number
  readonly embedded: boolean
}

/** `prisma-audit backup`, and `prisma-audit backup verify FILE`. */
export async function backUpFromTerminal(
  words: readonly string[],
  options: BackUpOptions,
  terminal: Terminal,
): Promise<number> {
  const narrate = options.format === 'json' ? 'stderr' : 'stdout'
  const work = async (session: TerminalSession): Promise<number> => {
    const [action, file, ...rest] = words
    if (action === undefined) return await backUp(session, options, terminal)
    if (action !== 'verify' || file === undefined || rest.length > 0) throw usage(words)
    return await verify(session, file, options, terminal)
  }
  return await withProject(options, terminal, narrate, work, 'any')
}

async function backUp(
  { project, interaction }: TerminalSession,
  options: BackUpOptions,
  terminal: Terminal,
): Promise<number> {
  if (options.output !== undefined)
    project.choose({ backupFolder: path.resolve(terminal.workingFolder, options.output) })
  const { level, jobs, scope: kind, drift = false, encryptTo: recipients } = options
  const scope = await chosenScope(project, interaction, { kind, drift })
  const choices = {
    scope,
    ...(recipients.length === 0 ? {} : { recipients }),
    ...(level === undefined ? {} : { level }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(options.embedded ? { mayUseServer: false } : {}),
  }
  const target = await project.databaseTarget(interaction.signal)
  const backup = await backUpAndPrune(project, interaction, target, choices)
  if (options.format === 'json') {
    const { manifest, toolReason, ...made } = backup
    const { summaryOf } = await import('../../backup/manifest/manifest')
    terminal.output.writeData(
      jsonDocument({ formatVersion: 1, ...made, toolReason: englishOrNull(toolReason), manifest: summaryOf(manifest) }),
    )
  }
  const outcome = backupOutcome(backup, choices)
  if (outcome.status !== 'done') interaction.output(lineOf(outcome.message))
  return exitCodeOf(outcome)
}

async function verify(
  { project, interaction }: TerminalSession,
  file: string,
  options: BackUpOptions,
  terminal: Terminal,
): Promise<number> {
  const level = options.level ?? 3
  const backup = path.resolve(terminal.workingFolder, options.cwd, file)
  const verified = await verifyBackupFile(project, interaction, {
    path: backup,
    level,
    mayUseServer: !options.embedded,
  })
  if (options.format === 'json') {
    const { path: verifiedPath, checksum, proofs, level: reached } = verified
    terminal.output.writeData(jsonDocument({ formatVersion: 1, path: verifiedPath, checksum, level: reached, proofs }))
  }
  const outcome = verifiedOutcome(verified, level)
  interaction.output(lineOf(outcome.message))
  return exitCodeOf(outcome)
}

function usage(words: readonly string[]): AuditError {
  return new AuditError('backup-usage', {
    what: untranslated`Cannot run: backup ${words.join(' ')}.`,
    why: untranslated`\`backup\` takes no arguments, or \`verify\` and the file of one backup.`,
    nextStep: untranslated`Run \`prisma-audit backup --help\`.`,
  })
}
