import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import type { ServerCommand } from '../../protocol/src/index'
import { connectToDatabase } from './connect'
import { executeOnServer } from './execute'
import type { OutputPanel } from './output-panel'
import { reportEnd } from './report-end'
import type { StoredUrls } from './stored-urls'
import type { TargetProject } from './status/target-project'
import { refuseUntrusted } from './trust'

export interface CommandParts {
  readonly client: LanguageClient
  readonly target: TargetProject
  readonly output: OutputPanel
  readonly storedUrls: StoredUrls
}

/** Registers every command of the palette. Each is wrapped once, so that one end gives one notification. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const serverCommands = Object.entries(SERVER_COMMAND_TITLES).map(([command, title]) =>
    register(command, title, parts.output, () => executeOnServer(parts, command as ServerCommand, title)),
  )
  return vscode.Disposable.from(
    ...serverCommands,
    register('connect', 'Connect to Database', parts.output, () =>
      connectToDatabase(parts.client, parts.target, parts.storedUrls),
    ),
    vscode.commands.registerCommand('prismaAudit.showOutput', () => parts.output.show()),
  )
}

/** The titles as package.json contributes them; a test holds the two equal. */
export const SERVER_COMMAND_TITLES: Readonly<Record<ServerCommand, string>> = {
  check: 'Check Schema Against Database',
  backup: 'Back Up Database',
  preview: 'Preview Migration',
  planMissing: 'Plan Missing Objects',
  rehearse: 'Rehearse Migration',
  migrate: 'Run Migration',
  generate: 'Generate Prisma Client',
  verify: 'Verify Migration',
  rollback: 'Roll Back Migration',
  guided: 'Run Guided Migration',
}

function register(
  name: string,
  title: string,
  output: OutputPanel,
  work: Parameters<typeof reportEnd>[2],
): vscode.Disposable {
  return vscode.commands.registerCommand(`prismaAudit.${name}`, async () => {
    return refuseUntrusted(title) ? null : await reportEnd(title, output, work)
  })
}
