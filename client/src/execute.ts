import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import {
  COMMAND_TITLES,
  CommandProgress,
  ExecuteRequest,
  type CommandOutcome,
  type ServerCommand,
} from '../../protocol/src/index'
import type { RunningCommands } from './runs/running-commands'
import { messageText } from './message-text'
import type { ProjectStatuses } from './status/project-statuses'
import type { TargetProject } from './status/target-project'
import type { Walkthrough } from './walkthrough/walkthrough'

/**
 * Has the server run a command on the project in the status bar, with its progress in a notification that can cancel
 * it. Null if the user was asked for the project and chose none.
 */
export async function executeOnServer(
  { client, target, statuses, running, walkthrough }: ExecuteParts,
  command: ServerCommand,
  title: string,
  backupUri?: string,
): Promise<CommandOutcome | null> {
  // The server may still be starting; if it has ended, it is started again.
  await client.start().catch((error: unknown) => {
    throw new Error(
      vscode.l10n.t(
        'The Prisma Audit language server is not running. See the log, then run “Developer: Reload Window”.',
      ),
      { cause: error },
    )
  })
  const project = await target.choose()
  if (project === null) return null
  const documentUri = project?.documentUri ?? null
  // With several projects, each notification says which one it is about.
  const name = project !== undefined && statuses.all().length > 1 ? project.name : null
  const ended = (outcome: CommandOutcome) =>
    name === null || outcome.message === '' ? outcome : { ...outcome, message: `${name}: ${outcome.message}` }
  // The server refuses it too; a progress that is gone at once would only flash.
  const other = running.latest(project?.schemaUri ?? '')?.command
  if (other !== undefined) return ended(stillRunning(vscode.l10n.t(COMMAND_TITLES[other])))
  const shownTitle = `Prisma Audit${name === null ? '' : ` (${messageText(name)})`}: ${title}`
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: shownTitle, cancellable: true },
    async (progress, cancellation) => {
      const begun = running.begin(project?.schemaUri ?? '', command, cancellation)
      const progressToken = randomUUID()
      let reported = 0
      const listener = client.onProgress(
        CommandProgress,
        progressToken,
        ({ message, percentage, reviews = null, isQuestion }) => {
          // VS Code adds up increments, while the server reports the progress of the whole command.
          const increment = percentage === undefined ? 0 : Math.max(0, percentage - reported)
          reported += increment
          begun.setWaiting(reviews !== null || isQuestion === true, reviews)
          const shown = reviews === null ? message : `${message} ${runLink(reviews)}`
          progress.report({ ...(shown === '' ? {} : { message: shown }), increment })
        },
      )
      try {
        const parameters = { command, documentUri, progressToken, ...(backupUri === undefined ? {} : { backupUri }) }
        const outcome = await client.sendRequest(ExecuteRequest, parameters, begun.token)
        if (outcome.status === 'done') walkthrough.ended(command)
        return ended(outcome)
      } finally {
        begun.dispose()
        listener.dispose()
      }
    },
  )
}

function stillRunning(other: string): CommandOutcome {
  const next = [{ command: 'showRunning', label: vscode.l10n.t('Show') }] as const
  return { status: 'cancelled', message: vscode.l10n.t('{0} is still running for this project.', other), next }
}

/**
 * VS Code offers one button on progress, to cancel; to continue, there is a link. It names the document, because
 * another command may wait for another one. A parenthesis would end the link.
 */
function runLink(subject: string): string {
  const parameters = encodeURIComponent(JSON.stringify([subject])).replace(
    /[()]/g,
    (each) => `%${each === '(' ? 28 : 29}`,
  )
  return `[${vscode.l10n.t('Run')}](command:prismaAudit.runReviewed?${parameters})`
}

export interface ExecuteParts {
  readonly client: LanguageClient
  readonly target: TargetProject
  readonly statuses: Pick<ProjectStatuses, 'all'>
  readonly running: RunningCommands
  readonly walkthrough: Pick<Walkthrough, 'ended'>
}
