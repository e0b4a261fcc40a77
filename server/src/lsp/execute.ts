import { ResponseError, ErrorCodes, type CancellationToken, type Connection } from 'vscode-languageserver'
import {
  OutputNotification,
  type CommandOutcome,
  type ExecuteParameters,
  type ServerCommand,
} from '../../../protocol/src/index'
import { backUpCommand } from '../commands/back-up'
import { checkCommand } from '../commands/check'
import { generateCommand } from '../commands/generate'
import { guidedCommand } from '../commands/guided'
import type { Interaction } from '../commands/interaction'
import { migrateCommand } from '../commands/migrate'
import { previewCommand } from '../commands/preview'
import { planMissingCommand } from '../commands/plan-missing'
import { rehearseCommand } from '../commands/rehearse'
import { rollBackCommand } from '../commands/roll-back'
import { verifyCommand } from '../commands/verify'
import { describeError } from '../errors'
import type { Project } from '../project/project'
import type { Secrets } from '../secrets'
import { notificationLine } from '../text/notification-text'
import { lineOf } from '../text/safe-text'
import { editorInteraction } from './editor-interaction'

const COMMANDS: Record<ServerCommand, (project: Project, interaction: Interaction) => Promise<CommandOutcome>> = {
  check: checkCommand,
  backup: backUpCommand,
  preview: previewCommand,
  planMissing: planMissingCommand,
  rehearse: rehearseCommand,
  migrate: (project, interaction) => migrateCommand(project, interaction, { drift: false, preservedValues: 'ask' }),
  generate: generateCommand,
  verify: verifyCommand,
  rollback: (project, interaction) => rollBackCommand(project, interaction, { dropData: false }),
  guided: (project, interaction) => {
    const rehearse = project.choices.rehearsesFirst
    return guidedCommand(project, interaction, { ...GUIDED, rehearse })
  },
}

const GUIDED = {
  drift: false,
  backup: true,
  application: true,
  verbose: false,
  sql: false,
  preservedValues: 'ask',
} as const

/** Carries a command out for the editor. Every failure becomes an outcome, with its whole story in the output. */
export async function execute(
  connection: Connection,
  project: Project,
  parameters: ExecuteParameters,
  { token, secrets }: { readonly token: CancellationToken; readonly secrets: Secrets },
): Promise<CommandOutcome> {
  const abort = new AbortController()
  const subscription = token.onCancellationRequested(() => abort.abort())
  const interaction = editorInteraction(connection, parameters.progressToken, abort.signal, secrets)
  try {
    if (parameters.command !== 'backup') project.refuseOtherLanguage()
    await project.findUrlAgain()
    const { status, message } = await COMMANDS[parameters.command](project, interaction)
    return { status, message: notificationLine(secrets.blotOut(lineOf(message))) }
  } catch (error) {
    if (abort.signal.aborted) return { status: 'cancelled', message: 'Cancelled.' }
    const said = secrets.blotOut(describeError(error))
    void connection.sendNotification(OutputNotification, { text: `${said}\n` })
    const [message = 'The command failed.'] = said.split('\n')
    return { status: 'failed', message: notificationLine(message) }
  } finally {
    subscription.dispose()
    // How the project stands now, its journal included.
    if (parameters.command !== 'backup') project.live.refreshSoon()
  }
}

/** The answer to a command that comes where it may not run. */
export function refuse(message: string): ResponseError {
  return new ResponseError(ErrorCodes.InvalidRequest, message)
}
