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
  const message = outcome.message === '' ? `${title}: ${ENDINGS[outcome.status]}` : outcome.message
  // Not awaited: the command has ended, whether the user ever closes its notification or not.
  const { next = [], report } = outcome
  const show = report === undefined ? SHOW_OUTPUT : SHOW_REPORT
  void notify(outcome.status, messageText(message), [...next.map(({ label }) => label), show]).then((button) => {
    const chosen = next.find(({ label }) => label === button)
    if (chosen !== undefined) void vscode.commands.executeCommand(`prismaAudit.${chosen.command}`)
    else if (button === SHOW_REPORT && report !== undefined) void previews.show(report)
    else if (button === SHOW_OUTPUT) output.show()
  })
  return outcome
}

const SHOW_OUTPUT = 'Show Output'
const SHOW_REPORT = 'Show Report'

const ENDINGS: Readonly<Record<CommandOutcome['status'], string>> = {
  done: 'done.',
  findings: 'there are findings.',
  failed: 'failed.',
  cancelled: 'cancelled.',
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
