import type { Connection, Diagnostic, Range } from 'vscode-languageserver'
import { PreviewNotification } from '../../../protocol/src/index'
import type { Project } from '../project/project'
import type { ApplicationCode } from './application-code'
import { codeActions, resolvedAction, type CodeActionContext } from './code-actions'
import type { EditorSession } from './editor-session'
import type { ServerLog } from './log'
import type { MigrationScripts } from './migration-scripts'
import type { OpenProjects } from './open-projects'
import { rejection } from './rejection'
import { runSchemaCommand } from './schema-commands'
import { STANDARD_COMMANDS } from './standard/standard-commands'
import type { StandardSide } from './standard/standard-side'
import { tellFailure } from './tell-failure'
import { pathOfUri } from './uris'

export interface ActionParts {
  readonly session: EditorSession
  readonly projects: OpenProjects
  readonly scripts: MigrationScripts
  readonly code: ApplicationCode
  readonly standard: StandardSide
  readonly log: ServerLog
}

/** Answers code action requests, resolves their edits, and runs the commands of standard LSP. */
export function listenToActions(connection: Connection, parts: ActionParts): void {
  const { session, projects, scripts, code, standard } = parts
  const { t } = session

  const contextOf = (uri: string, range: Range, shown: readonly Diagnostic[]): CodeActionContext | null => {
    const file = pathOfUri(uri)
    const project = file === null ? null : projects.projectOf(file)
    if (file === null || project === null) return null
    return { t, project, file, range, shown, resolvesEdits: session.supports.resolvedEdits }
  }

  connection.onCodeAction(async ({ textDocument: { uri }, range, context: { diagnostics, only, triggerKind } }) => {
    const file = pathOfUri(uri)
    const fixes = file === null ? null : (scripts.codeActions(file, range) ?? code.codeActions(file, range))
    if (fixes !== null) return fixes
    const context = contextOf(uri, range, diagnostics)
    return context === null ? [] : await codeActions({ ...context, only, triggerKind })
  })
  connection.onCodeActionResolve(async (action) => {
    const { uri, range } = (action.data ?? {}) as { uri?: string; range?: Range }
    const context = uri === undefined || range === undefined ? null : contextOf(uri, range, action.diagnostics ?? [])
    if (context === null) return action
    const only = action.kind === undefined ? [] : [action.kind]
    const resolved = await resolvedAction({ ...context, only }, action)
    if ('title' in resolved) return resolved
    tellFailure({ connection, t, isOurClient: session.isOurClient }, rejection(t, resolved))
    return action
  })
  connection.onExecuteCommand(async ({ command, arguments: given = [] }) => {
    const [uri, argument] = given as unknown[]
    const named = typeof uri === 'string' ? uri : null
    if (STANDARD_COMMANDS.includes(command)) {
      standard.start({ command, uri: named, typedName: typeof argument === 'string' ? argument : null })
      return null
    }
    await session.settled
    const [project] = named === null ? [] : projects.candidates(named)
    if (project !== undefined) await runForEditor(connection, parts, project, command, argument)
    return null
  })
}

/** Runs a command of `SCHEMA_COMMANDS` and shows its result as well as this editor can. */
export async function runForEditor(
  connection: Connection,
  { session, projects, standard, log }: Pick<ActionParts, 'session' | 'projects' | 'standard' | 'log'>,
  project: Project,
  command: string,
  argument?: unknown,
): Promise<void> {
  const { t, isOurClient } = session
  await runSchemaCommand(
    {
      ...{ connection, t, log, isOurClient },
      fileWritten: (file) => projects.fileChanged(file),
      showPreview: (preview) =>
        void (isOurClient ? connection.sendNotification(PreviewNotification, preview) : standard.editor.show(preview)),
    },
    project,
    command,
    argument,
  )
}
