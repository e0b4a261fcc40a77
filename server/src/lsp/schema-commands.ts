import type { Command, Connection, WorkspaceEdit } from 'vscode-languageserver'
import { ShowDocumentRequest } from './protocol'
import type { PolicyChoiceValue, PreviewParameters } from '../../../protocol/src/index'
import { modelFieldEdits, unfitFields } from '../editor/fixes/audit-fixes'
import { plannedObjectOf, type PlannedObject } from '../editor/planned-object'
import type { Finding } from '../audit/finding'
import type { Project } from '../project/project'
import { newSchemaErrors } from '../schema/validation/new-schema-errors'
import { notificationLine } from '../text/notification-text'
import type { MarkdownText } from '../text/markdown-text'
import { LIMITS } from '../text/safe-text'
import { failureText } from './failure-text'
import type { ServerLog } from './log'
import { choiceOf } from './policy-advice'
import { writePolicy } from './policy-creation'
import { readVersions, requireSameVersions } from './read-versions'
import { rejection } from './rejection'
import { tellFailure, type EditorParts } from './tell-failure'
import { uriOfPath } from './uris'
import { toVersionedEdit, toWorkspaceEdit } from './workspace-edit'
import type { Translate } from '../text/translate'

/**
 * The commands that lenses and actions run with `workspace/executeCommand`. The first argument is the URI of a document
 * of the project.
 */
export const SCHEMA_COMMANDS = {
  createPolicy: 'prismaAudit.server.createPolicy',
  addAuditFields: 'prismaAudit.server.addAuditFields',
  previewObject: 'prismaAudit.server.previewObject',
} as const

export function previewObjectCommand(t: Translate, uri: string, finding: Finding): Command {
  const name = finding.object ?? finding.column ?? finding.table ?? ''
  return {
    title: notificationLine(t('Preview the SQL for "{0}"', name), LIMITS.title),
    command: SCHEMA_COMMANDS.previewObject,
    arguments: [uri, plannedObjectOf(finding)],
  }
}

/** What the commands need from the editor. */
export interface CommandParts extends EditorParts {
  readonly log: ServerLog
  /** A command has written the file: the editor's own watcher may notice later, or not at all. */
  fileWritten(file: string): void
  /** How the editor shows a read-only document. */
  showPreview(preview: PreviewParameters & { readonly text: MarkdownText }): void
}

/** Runs a command. Every failure becomes a message. */
export async function runSchemaCommand(
  parts: CommandParts,
  project: Project,
  command: string,
  argument: unknown,
): Promise<void> {
  try {
    if (command === SCHEMA_COMMANDS.createPolicy) await createPolicy(parts, project, argument)
    else if (command === SCHEMA_COMMANDS.addAuditFields) await addAuditFields(parts, project, argument)
    else if (command === SCHEMA_COMMANDS.previewObject && isPlannedObject(argument)) {
      const { previewObject } = await import('../commands/preview-object')
      const { title, text } = previewObject(project, argument, parts.t)
      parts.showPreview({
        title: notificationLine(title),
        subject: notificationLine(`SQL for an object of ${project.live.state.label}`),
        text,
      })
    }
  } catch (error) {
    parts.log.failure(`${command} for ${project.paths.name}: failed`, error)
    tellFailure(parts, failureText(error, parts.t))
  }
}

async function createPolicy(parts: CommandParts, project: Project, choice: unknown): Promise<void> {
  const file = writePolicy(project, isPolicyChoice(choice) ? choiceOf(choice) : null)
  parts.fileWritten(file)
  const shown = { uri: uriOfPath(file), takeFocus: true }
  // An editor that cannot show the file still has it on disk.
  await parts.connection.sendRequest(ShowDocumentRequest.type, shown).catch(() => undefined)
}

async function addAuditFields(parts: EditorParts, project: Project, model: unknown): Promise<void> {
  const { connection, t, isOurClient } = parts
  const policy = project.policyFile.require()
  const sources = { schema: project.schema, policy, unfit: unfitFields(project.findings.all()) }
  const edits = typeof model === 'string' ? modelFieldEdits(model, sources) : []
  project.paths.requireWritable(edits.map(({ file }) => file))
  const read = readVersions(project, edits)
  const [error] = await newSchemaErrors(project.schema, edits)
  if (error !== undefined) {
    tellFailure(parts, rejection(t, error))
    return
  }
  // VS Code does not apply it to what is typed meanwhile; another editor may not know versions.
  const edit = isOurClient ? toVersionedEdit(edits, (file) => read.get(file) ?? null) : toWorkspaceEdit(edits)
  const isApplied = await apply(connection, edit, t('Add audit fields'))
  if (!isApplied) requireSameVersions(read, (file) => project.versionOf(file))
}

async function apply(connection: Connection, edit: WorkspaceEdit, label: string): Promise<boolean> {
  return (await connection.workspace.applyEdit({ label, edit })).applied
}

function isPolicyChoice(argument: unknown): argument is PolicyChoiceValue {
  return typeof argument === 'object' && argument !== null && 'fields' in argument && 'userModel' in argument
}

function isPlannedObject(argument: unknown): argument is PlannedObject {
  return typeof argument === 'object' && argument !== null && 'code' in argument && 'table' in argument
}
