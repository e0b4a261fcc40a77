import * as vscode from 'vscode'
import { ConnectionError, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageclient/node'
import type { CommandOutcome } from '../../protocol/src/index'
import { messageText } from './message-text'
import type { Previews } from './previews/previews'
import type { OutputPanel } from './output-panel'

/**
 * Runs a command's work and reports its end once: cancellation as a message in the status bar, a failure as an error
 * with a link to the output panel, or to the log if the server did not report it. Work that returns null has nothing to
 * report. Returns the outcome, for callers that run our commands from other commands.
 *
 * @param item the row on which the command was chosen: the next action is for the same row
 */
export async function reportEnd(
  title: string,
  parts: EndParts,
  work: () => Promise<CommandEnd | null>,
  item?: unknown,
): Promise<CommandEnd | null> {
  const writesBefore = parts.output.writes()
  const outcome = await work().catch((error: unknown) => endOfError(title, error, parts.log))
  if (outcome === null) return null
  const message = outcome.message === '' ? endingOf(outcome.status, title) : outcome.message
  // Not awaited: the command has ended even if the user never closes its notification.
  const { next = [], report, isShown } = outcome
  if (report !== undefined) void parts.previews.update(report)
  if (isShown === true) return outcome
  // The user knows about the cancellation, but a run that stopped halfway offers actions.
  if (outcome.status === 'cancelled' && next.length === 0) {
    vscode.window.setStatusBarMessage(messageText(message), STATUS_MILLISECONDS)
    return outcome
  }
  const more = moreOf(outcome, parts, parts.output.writes() > writesBefore)
  const labels = [...next.map(({ label }) => label), ...(more === null ? [] : [more.label])]
  void notify(outcome.status, messageText(message), labels).then((button) => {
    const chosen = next.find(({ label }) => label === button)
    if (chosen !== undefined) void vscode.commands.executeCommand(`prismaAudit.${chosen.command}`, item)
    else if (button !== undefined) more?.show()
  })
  return outcome
}

const STATUS_MILLISECONDS = 8000

export interface CommandEnd extends Omit<CommandOutcome, 'next'> {
  /** The server's next actions, and commands of the client. */
  readonly next?: readonly { readonly command: string; readonly label: string }[]
}

export interface EndParts {
  readonly output: OutputPanel
  readonly log: vscode.LogOutputChannel
  readonly previews: Previews
}

/**
 * The button that shows the details. The output panel may be open already, but a notification is read later, too.
 */
function moreOf(
  { report, storyIn }: CommandEnd,
  { output, log, previews }: EndParts,
  hasOutput: boolean,
): { readonly label: string; show(): void } | null {
  if (report !== undefined) return { label: vscode.l10n.t('Show Report'), show: () => void previews.show(report) }
  if (storyIn === 'log') return { label: vscode.l10n.t('Show Log'), show: () => log.show() }
  return !hasOutput ? null : { label: vscode.l10n.t('Show Output'), show: () => output.show() }
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

/** For work that was not started as a command, such as a button on a page. */
export async function tellFailure(title: string, error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const { message } = endOfError(title, error, log)
  const showLog = vscode.l10n.t('Show Log')
  if ((await vscode.window.showErrorMessage(messageText(`${title}: ${message}`), showLog)) === showLog) log.show()
}

function endOfError(title: string, error: unknown, log: vscode.LogOutputChannel): CommandEnd {
  const cancelled =
    error instanceof vscode.CancellationError ||
    (error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled)
  if (cancelled) return { status: 'cancelled', message: '' }
  log.error(`${title}: failed`, error)
  return { status: 'failed', message: wordsOf(error), storyIn: 'log' }
}

/** What the server and this client say themselves is made for a person; the library's words are not. */
function wordsOf(error: unknown): string {
  const hasEnded = error instanceof ResponseError && error.code === ErrorCodes.PendingResponseRejected
  if (hasEnded || error instanceof ConnectionError)
    return vscode.l10n.t('The Prisma Audit language server ended before it was done. See the log, then try again.')
  return error instanceof Error ? error.message : String(error)
}
