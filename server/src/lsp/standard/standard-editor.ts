import type { ClientCapabilities, Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver'
import { MessageType, ShowDocumentRequest, ShowMessageNotification, ShowMessageRequest } from '../protocol'
import fs from 'node:fs'
import path from 'node:path'
import type { Secrets } from '../../database/secrets'
import { makeTemporaryFolder } from '../../files/temporary-folders'
import type { TextEdit } from '../../schema/edits/text-edit'
import { notificationLine, notificationText } from '../../text/notification-text'
import { lineOf, LIMITS, visible, type SafeLine, type SafeText } from '../../text/safe-text'
import { uriOfPath } from '../uris'
import { toVersionedEdit, toWorkspaceEdit, type VersionOf } from '../workspace-edit'
import { remove } from '../../platform/lasting-files'

export interface EditorQuestion<Id extends string> {
  readonly message: SafeText
  readonly choices: readonly { readonly id: Id; readonly label: SafeLine }[]
}

/** An editor without our client, as far as standard LSP allows: messages, questions, documents, progress, a log. */
export class StandardEditor {
  private showsDocuments = false
  private appliesEdits = false
  private checksVersions = false
  private folder: string | null = null

  constructor(
    private readonly connection: Connection,
    private readonly secrets: Secrets,
  ) {}

  initialize({ window, workspace }: ClientCapabilities): void {
    this.showsDocuments = window?.showDocument?.support === true
    this.appliesEdits = workspace?.applyEdit === true
    this.checksVersions = workspace?.workspaceEdit?.documentChanges === true
  }

  /** Foreign text on one line, for a message, a button or progress. */
  lineFor(foreign: string): SafeLine {
    return notificationLine(this.secrets.blotOut(lineOf(foreign)))
  }

  message(type: MessageType, message: SafeText): void {
    void this.connection.sendNotification(ShowMessageNotification.type, { type, message: this.clean(message) })
  }

  log(shown: SafeText): void {
    this.connection.console.log(visible(this.secrets.blotOut(shown)))
  }

  /**
   * Null if the user chose nothing; `unable` if the editor cannot ask (Helix, for example), and the caller then does
   * nothing.
   */
  async ask<Id extends string>(
    type: MessageType,
    { message, choices }: EditorQuestion<Id>,
  ): Promise<Id | null | 'unable'> {
    const actions = choices.map(({ label }) => ({ title: label }))
    try {
      const parameters = { type, message: this.clean(message), actions }
      const chosen = await this.connection.sendRequest(ShowMessageRequest.type, parameters)
      return choices.find(({ label }) => label === chosen?.title)?.id ?? null
    } catch {
      return 'unable'
    }
  }

  /** Shows a read-only document, as a file of the user that is deleted with this process; otherwise shows its path. */
  async show({ title, text }: { readonly title: string; readonly text: SafeText }): Promise<void> {
    const file = this.fileFor(title)
    fs.writeFileSync(file, this.secrets.blotOut(text), { mode: 0o600 })
    if (!(await this.open(file))) this.message(MessageType.Info, lineOf(`${title}: ${file}`))
  }

  /** Opens a file of the project; false if the editor cannot. */
  async open(file: string): Promise<boolean> {
    if (!this.showsDocuments) return false
    const parameters = { uri: uriOfPath(file), takeFocus: true }
    const answer = await this.connection.sendRequest(ShowDocumentRequest.type, parameters).catch(() => null)
    return answer?.success === true
  }

  /**
   * Has the editor edit documents; false if it refuses or cannot. An editor that checks versions refuses the edit of a
   * document that has another version by then.
   */
  async applyEdits(edits: readonly TextEdit[], label: string, versionOf: VersionOf): Promise<boolean> {
    if (!this.appliesEdits) return false
    const edit = this.checksVersions ? toVersionedEdit(edits, versionOf) : toWorkspaceEdit(edits)
    return (await this.connection.workspace.applyEdit({ label, edit })).applied
  }

  /** Shows progress if the editor supports it; cancelling it there cancels its `token`. */
  async progress(): Promise<WorkDoneProgressServerReporter> {
    return await this.connection.window.createWorkDoneProgress()
  }

  close(): void {
    if (this.folder !== null) remove(this.folder)
    this.folder = null
  }

  /** A later one with the same title replaces it. */
  private fileFor(title: string): string {
    this.folder ??= makeTemporaryFolder('shown')
    const name = title
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[-.]+|-+$/g, '')
      .slice(0, LONGEST_NAME)
    return path.join(this.folder, `${name === '' ? 'document' : name}.md`)
  }

  private clean(message: SafeText): SafeText {
    const safe = notificationText(this.secrets.blotOut(message))
    return safe.length <= LIMITS.message ? safe : notificationLine(safe)
  }
}

/** Maximum characters of a file name. */
const LONGEST_NAME = 80
