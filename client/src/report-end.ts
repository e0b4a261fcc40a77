import * as vscode from 'vscode'
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient/node'
import type { CommandOutcome } from '../../protocol/src/index'
import { messageText } from './message-text'
import type { Previews } from './previews/previews'
import type { OutputPanel } from './output-panel'

/**
 * Runs a command's work and tells its end in one notification: cancelled is information, a failure is one error with a
 * way to the output panel. Work that answers null has nothing to tell. Answers the outcome, for those who start our
 * commands from other commands.
 */
export async function reportEnd(
  title: string,
  { output, previews }: { readonly output: OutputPanel; readonly previews: Previews },
  work: () => Promise<CommandOutcome | null>,
): Promise<CommandOutcome | null> {
  const outcome = await work().catch(outcomeOfError)
  if (outcome === null) return null
  const message = outcome.message === '' ? endingOf(outcome.status, title) : outcome.message
  // Not awaited: the command has ended, whether the user ever closes its notification or not.
  const { next = [], report } = outcome
  if (report !== undefined) void previews.update(report)
  const show = report === undefined ? vscode.l10n.t('Show Output') : vscode.l10n.t('Show Report')
  void notify(outcome.status, messageText(message), [...next.map(({ label }) => label), show]).then((button) => {
    const chosen = next.find(({ label }) => label === button)
    if (chosen !== undefined) void vscode.commands.executeCommand(`prismaAudit.${chosen.command}`)
    else if (button === show && report !== undefined) void previews.show(report)
    else if (button === show) output.show()
  })
  return outcome
}

function endingOf(status: CommandOutcome['status'], title: string): string {
  switch (status) {
    case 'done':
      return vscode.l10n.t('{0}: done.', title)
    case 'findings':
      return vscode.l10n.t('{0}: there are findings.', title)
    case 'failed':
      return vscode.l10n.t('{0}: failed.', title)
    case 'cancelled':
      return vscode.l10n.t('{0}: cancelled.', title)
  }
}

function notify(status: CommandOutcome['status'], message: string, buttons: string[]): Thenable<string | undefined> {
  switch (status) {
    case 'findings':
      return vscode.window.showWarningMessage(message, ...buttons)
    case 'failed':
      return vscode.window.showErrorMessage(message, ...buttons)
    case 'done':
    case 'cancelled':
      return vscode.window.showInformationMessage(message, ...buttons)
  }
}

function outcomeOfError(error: unknown): CommandOutcome {
  const cancelled =
    error instanceof vscode.CancellationError ||
    (error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled)
  if (cancelled) return { status: 'cancelled', message: '' }
  return { status: 'failed', message: error instanceof Error ? error.message : String(error) }
}
