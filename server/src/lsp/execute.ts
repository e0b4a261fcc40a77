import type { CancellationToken, Connection } from 'vscode-languageserver'
import { ResponseError, ErrorCodes } from './protocol'
import {
  COMMAND_TITLES,
  OutputNotification,
  type CommandOutcome,
  type ExecuteParameters,
  type PreviewParameters,
  type ServerCommand,
} from '../../../protocol/src/index'
import type { CommandOutcome as Ended, Interaction, NextAction } from '../commands/interaction'
import { namingEnvironment } from '../commands/name-environment'
import { isMigrated, readRunState } from '../commands/run-state'
import { databaseState, nextAfterStop } from '../commands/stages'
import { AuditError, isUnexpected } from '../errors'
import type { Project } from '../project/project'
import { isConnectionFailure, isWorthWaitingFor } from '../database/database-errors'
import type { Secrets } from '../database/secrets'
import { fixedPhrase, phraseIn } from '../text/phrase'
import { notificationLine } from '../text/notification-text'
import { lineOf, type SafeLine, type SafeText } from '../text/safe-text'
import { ChecklistSender } from './checklists'
import { editorInteraction, previewOf } from './editor-interaction'
import { failureText } from './failure-text'
import type { ServerLog } from './log'
import { nextCommand } from './next-command'
import { serverCommand } from './server-commands'
import type { Translate } from '../text/translate'
import { pathOfUri, uriOfPath } from './uris'

/** Runs a command for our own client. Every failure becomes an outcome, with the details in the output. */
export async function execute(
  connection: Connection,
  project: Project,
  { command, progressToken, backupUri }: ExecuteParameters,
  { token, secrets, t, log }: EditorRun,
): Promise<CommandOutcome> {
  const abort = new AbortController()
  const subscription = token.onCancellationRequested(() => abort.abort())
  try {
    const checklist = new ChecklistSender(connection, project, secrets)
    const interaction: Interaction = {
      ...editorInteraction(connection, progressToken, abort.signal, { project, secrets, t }),
      checklist: (state) => checklist.send(state),
    }
    const { report, opens, ...ended } = await carryOut(project, command, interaction, {
      secrets,
      t,
      log,
      backup: backupUri === undefined ? null : pathOfUri(backupUri),
      tellFailure: (said) => void connection.sendNotification(OutputNotification, { text: `${said}\n` }),
    })
    const isFailure = ended.status === 'failed' && report === undefined
    const isHalfway = isFailure && (await isMigratedNow(project, checklist.stateOf('migrate')))
    const outcome = isHalfway ? toldWhereItStands(ended, command, t) : ended
    checklist.end(outcome)
    // An editor that cannot show a document still lists it among the files.
    if (opens !== undefined) void connection.window.showDocument({ uri: uriOfPath(opens) }).catch(() => undefined)
    return report === undefined ? outcome : { ...outcome, report: reportOf(report, project, secrets) }
  } finally {
    subscription.dispose()
  }
}

/** Whether the run has migrated, or one before it that it continues. */
async function isMigratedNow(project: Project, stage: ReturnType<ChecklistSender['stateOf']>): Promise<boolean> {
  if (stage !== 'skipped') return stage === 'done'
  try {
    return await isMigrated(await project.databaseTarget(AbortSignal.timeout(5000)))
  } catch {
    return false
  }
}

/** The failure came after the migration; alone, its message would read as if everything had failed. */
function toldWhereItStands(ended: CommandOutcome, command: ServerCommand, t: Translate): CommandOutcome {
  return {
    ...ended,
    message: notificationLine(`${ended.message} ${databaseState('migrated', t)}`),
    next: nextAfterStop('migrated').map((action) => nextCommand(t, action, command)),
  }
}

/** How a command ended, in words that any editor can show. */
export interface EditorOutcome extends Omit<CommandOutcome, 'report'> {
  readonly message: SafeLine
  readonly report?: NonNullable<Ended['report']>
  /** Absolute path of a file to open. */
  readonly opens?: string
}

/**
 * Runs a command in any editor. One at a time per project, because two would plan and change the same objects. A
 * failure becomes an outcome of one line; its details are logged first.
 */
export async function carryOut(
  project: Project,
  command: ServerCommand,
  asked: Interaction,
  { secrets, t, log, backup = null, tellFailure }: CarryingOut,
): Promise<EditorOutcome> {
  const busy = stillRunning(t, project)
  if (busy !== null) {
    const next = [{ command: 'showRunning', label: t('Show') }] as const
    return { status: 'cancelled', message: notificationLine(busy), next }
  }
  project.runningCommand = COMMAND_TITLES[command]
  const what = `${COMMAND_TITLES[command]} for ${project.paths.name}`
  const start = performance.now()
  log.info(`${what}: started`)
  const interaction = namingEnvironment(asked, project)
  try {
    if (!OF_ANY_LANGUAGE.has(command)) project.refuseUnsupported()
    await project.findUrlAgain()
    const {
      status,
      message,
      next = [],
      report,
      opens,
      isShown,
    } = await serverCommand(command, backup)(project, interaction)
    log.info(`${what}: ${status} in ${secondsSince(start)}`)
    return {
      status,
      message: notificationLine(secrets.blotOut(lineOf(message))),
      next: next.map((action) => nextCommand(t, action, command)),
      ...(report === undefined ? {} : { report }),
      ...(opens === undefined ? {} : { opens }),
      ...(isShown === undefined ? {} : { isShown }),
    }
  } catch (error) {
    const isStopped = interaction.signal.aborted
    const next = (await nextAfterFailure(project, command, isStopped ? null : error)).map((action) =>
      nextCommand(t, action, command),
    )
    if (isStopped) {
      log.info(`${what}: cancelled after ${secondsSince(start)}`)
      return { status: 'cancelled', message: lineOf(t('Cancelled.')), next }
    }
    log.failure(`${what}: failed after ${secondsSince(start)}`, error)
    const said = secrets.blotOut(failureText(error, t))
    tellFailure(said)
    const [message = t('The command failed.')] = said.split('\n')
    const failed = { status: 'failed', message: notificationLine(message), next } as const
    return isUnexpected(error) ? { ...failed, storyIn: 'log' } : failed
  } finally {
    project.runningCommand = null
    // The state of the project now, including its journal.
    if (command !== 'backup' && command !== 'rehearseRestore') project.live.refreshSoon()
  }
}

interface CarryingOut extends Omit<EditorRun, 'token'> {
  /** Path of the backup to use; null if none was chosen. */
  readonly backup?: string | null
  readonly tellFailure: (said: SafeText) => void
}

function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}

/** What a run for the editor needs, in addition to its project. */
export interface EditorRun {
  readonly token: CancellationToken
  readonly secrets: Secrets
  readonly t: Translate
  readonly log: ServerLog
}

/** Why no other command can run for the project now; null if none is running. */
export function stillRunning(t: Translate, { runningCommand }: Project): string | null {
  if (runningCommand === null) return null
  return t('{0} is still running for this project.', phraseIn(t, fixedPhrase(runningCommand)))
}

/** With the command that creates it again, and as JSON. */
function reportOf(report: NonNullable<Ended['report']>, project: Project, secrets: Secrets): PreviewParameters {
  const schemaUri = uriOfPath(project.location.schemaPath)
  const again = { command: 'verify', schemaUri } as const
  return { ...previewOf(report, project, secrets), again, json: secrets.blotOutKnown(report.json) }
}

/** These commands do not depend on the language of the schema. */
const OF_ANY_LANGUAGE: ReadonlySet<ServerCommand> = new Set(['backup', 'rehearseRestore', 'restore'])

const CHANGING: ReadonlySet<ServerCommand> = new Set(['migrate', 'migrateMissing', 'guided', 'rollback'])

/**
 * If the database does not respond, offer another URL or another attempt. Otherwise the journal decides: a run that
 * changed something can be continued or rolled back. `error` is null if the user cancelled it.
 */
async function nextAfterFailure(
  project: Project,
  command: ServerCommand,
  error: unknown,
): Promise<readonly NextAction[]> {
  if (isConnectionFailure(error)) return isWorthWaitingFor(error) ? ['retry', 'connect'] : ['connect', 'retry']
  if (command === 'backup' && error !== null) return ['retry']
  const making = error instanceof AuditError ? NEXT_AFTER[error.code] : undefined
  if (making !== undefined) return making
  if (!CHANGING.has(command)) return []
  try {
    const state = await readRunState(await project.databaseTarget(AbortSignal.timeout(5000)))
    return nextAfterStop(state === 'unknown' ? null : state)
  } catch {
    // The failure may be that the database does not respond.
    return []
  }
}

/**
 * What is missing can be made by a command, before anything was changed; problems of the policy are listed in its file.
 */
const NEXT_AFTER: Readonly<Record<string, readonly NextAction[]>> = {
  'policy-missing': ['create-policy'],
  'policy-invalid': ['problems'],
  'backup-missing': ['back-up'],
}

/** The answer to a command that may not run here. */
export function refuse(message: string): ResponseError {
  return new ResponseError(ErrorCodes.InvalidRequest, message)
}
