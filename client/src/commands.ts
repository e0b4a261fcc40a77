import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { COMMAND_TITLES, type ServerCommand } from '../../protocol/src/index'
import { connectToDatabase } from './connect'
import { COVERAGE_TYPE, createCoverage } from './coverage/show-coverage'
import { createPolicy } from './policy/create-policy'
import { executeOnServer } from './execute'
import type { OutputPanel } from './output-panel'
import type { Previews } from './previews/previews'
import { reportEnd } from './report-end'
import type { RunningCommands } from './runs/running-commands'
import type { StoredUrls } from './stored-urls'
import { showQuickCommands } from './status/quick-commands'
import type { ProjectStatuses } from './status/project-statuses'
import type { TargetProject } from './status/target-project'
import { refuseUntrusted } from './trust'
import type { Walkthrough } from './walkthrough/walkthrough'

export interface CommandParts {
  readonly client: LanguageClient
  readonly target: TargetProject
  readonly output: OutputPanel
  readonly log: vscode.LogOutputChannel
  readonly previews: Previews
  readonly storedUrls: StoredUrls
  readonly statuses: ProjectStatuses
  readonly running: RunningCommands
  readonly walkthrough: Walkthrough
}

/** Registers every command of the palette. Each is wrapped once, so that it ends with one notification. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const serverCommands = (Object.keys(COMMAND_TITLES) as ServerCommand[]).map((command) => {
    const title = vscode.l10n.t(COMMAND_TITLES[command])
    return register(command, title, parts, (item) => executeOnServer(parts, command, title, textIn(item, 'backupUri')))
  })
  const coverage = createCoverage(parts)
  return vscode.Disposable.from(
    ...serverCommands,
    register('connect', vscode.l10n.t('Connect to Database'), parts, () =>
      connectToDatabase(parts.client, parts.target, parts.storedUrls),
    ),
    register('createPolicy', vscode.l10n.t('Create Audit Policy'), parts, () =>
      createPolicy(parts.client, parts.target),
    ),
    register('showCoverage', vscode.l10n.t('Show Coverage'), parts, coverage.show),
    register('refreshCoverage', vscode.l10n.t('Refresh Coverage'), parts, coverage.refresh),
    vscode.window.registerWebviewPanelSerializer(COVERAGE_TYPE, coverage.restore),
    vscode.commands.registerCommand('prismaAudit.showQuickCommands', async () => {
      const project = await parts.target.choose()
      if (project !== null) await showQuickCommands(project)
    }),
    vscode.commands.registerCommand('prismaAudit.showRunning', async () => {
      const project = await parts.target.choose()
      const subject = project === null ? null : parts.running.reviewed(project?.schemaUri ?? '')
      // What does not wait for the user is in its progress, which may be hidden.
      if (subject === null || !parts.previews.reveal(subject))
        await vscode.commands.executeCommand('notifications.showList')
    }),
    vscode.commands.registerCommand('prismaAudit.showProblems', () =>
      vscode.commands.executeCommand('workbench.actions.view.problems'),
    ),
    vscode.commands.registerCommand('prismaAudit.showOutput', () => parts.output.show()),
    vscode.commands.registerCommand('prismaAudit.showLog', () => parts.log.show()),
  )
}

function register(
  name: string,
  title: string,
  parts: CommandParts,
  work: (item: unknown) => ReturnType<Parameters<typeof reportEnd>[2]>,
): vscode.Disposable {
  return vscode.commands.registerCommand(`prismaAudit.${name}`, async (item?: unknown) => {
    if (refuseUntrusted(title)) return null
    const project = parts.statuses.all().find(({ schemaUri }) => schemaUri === textIn(item, 'schemaUri'))
    if (project !== undefined) parts.target.set(project)
    return await reportEnd(title, parts, () => work(item), item)
  })
}

/** The target of the row on which the command was chosen; undefined from the palette. */
function textIn(item: unknown, key: 'schemaUri' | 'backupUri'): string | undefined {
  const value = typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[key] : undefined
  return typeof value === 'string' ? value : undefined
}
