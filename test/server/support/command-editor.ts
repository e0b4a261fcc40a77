import fs from 'node:fs'
import {
  ApplyWorkspaceEditRequest,
  LogMessageNotification,
  type ApplyWorkspaceEditParams,
  type LogMessageParams,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { URI } from 'vscode-uri'
import {
  ConfirmRequest,
  DocumentVersionsRequest,
  ExecuteRequest,
  OutputNotification,
  SaveDocumentsRequest,
  StoredDatabaseUrlRequest,
  UnsavedDocumentsRequest,
  type CommandOutcome,
  type ConfirmParameters,
  type ServerCommand,
} from '../../../protocol/src/index'
import { startLspClient, type LspClient } from '../../support/lsp-client'
import type { TestServer } from '../../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../../support/sample-workspace'

export interface CommandEditorOptions {
  readonly trusted?: boolean
  readonly storedUrl?: string
  readonly settings?: () => object
  readonly locale?: string
  /** See `LspClientOptions`. */
  readonly bundles?: string
}

/** The sample for each test of a suite, and the editor that the test opens there; both are removed after it. */
export interface SampleInEditor {
  readonly workspace: SampleWorkspace
  readonly editor: CommandEditor
  open(options?: CommandEditorOptions): Promise<CommandEditor>
}

export function useSampleInEditor(postgres: TestServer): SampleInEditor {
  let workspace: SampleWorkspace
  let editor: CommandEditor | null = null
  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
  })
  afterEach(async () => {
    await editor?.client.stop()
    editor = null
    await workspace.remove()
  })
  return {
    get workspace() {
      return workspace
    },
    get editor() {
      if (editor === null) throw new Error('The test has not opened the editor.')
      return editor
    },
    open: async (options) => (editor = await CommandEditor.start(workspace, options)),
  }
}

/**
 * An editor with the sample's schema open: it answers each question with the first choice, and applies edits on disk.
 */
export class CommandEditor {
  output = ''
  readonly questions: ConfirmParameters[] = []
  readonly log: LogMessageParams[] = []
  readonly traced: string[] = []
  /** Called with the number of times that the server has asked for unsaved documents. */
  onUnsavedAsked: (times: number) => void = () => undefined
  /** Called before an edit is applied, with the files that it changes. */
  onEdit: (files: readonly string[]) => void = () => undefined
  /** Called before a question is answered. */
  onQuestion: () => Promise<void> = () => Promise.resolve()

  /** Of the documents that are not of the schema, by file. */
  private readonly versions = new Map<string, number>()

  private constructor(
    readonly client: LspClient,
    readonly workspace: SampleWorkspace,
  ) {}

  static async start(workspace: SampleWorkspace, options: CommandEditorOptions = {}): Promise<CommandEditor> {
    const client = await startLspClient({
      folder: workspace.folder,
      environment: workspace.environment,
      ...(options.settings === undefined ? {} : { settings: options.settings }),
      ...(options.locale === undefined ? {} : { locale: options.locale }),
      ...(options.bundles === undefined ? {} : { bundles: options.bundles }),
      initializationOptions: { client: { trusted: options.trusted ?? true, prismaExtensionInstalled: false } },
    })
    const editor = new CommandEditor(client, workspace)
    editor.listen(options.storedUrl ?? null)
    client.open(workspace.schemaFile, fs.readFileSync(workspace.schemaFile, 'utf8'))
    return editor
  }

  execute(command: ServerCommand): Promise<CommandOutcome> {
    return this.client.connection.sendRequest(ExecuteRequest, { command, documentUri: null, progressToken: command })
  }

  /** A line above everything in a file that is not of the schema, saved at once. */
  typeAbove(file: string, line: string): void {
    fs.writeFileSync(file, `${line}\n${fs.readFileSync(file, 'utf8')}`)
    this.versions.set(file, (this.versions.get(file) ?? 1) + 1)
  }

  private listen(storedUrl: string | null): void {
    const { connection } = this.client
    let timesAsked = 0
    connection.onRequest(StoredDatabaseUrlRequest, () => storedUrl)
    connection.onRequest(SaveDocumentsRequest, () => true)
    connection.onRequest(UnsavedDocumentsRequest, () => {
      this.onUnsavedAsked(++timesAsked)
      return []
    })
    connection.onRequest(DocumentVersionsRequest, ({ uris }) =>
      uris.map((uri) => this.versions.get(URI.parse(uri).fsPath) ?? 1),
    )
    connection.onRequest(ConfirmRequest, async (question) => {
      this.questions.push(question)
      await this.onQuestion()
      return question.choices[0]!.id
    })
    connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }: ApplyWorkspaceEditParams) => {
      const changes = (edit.documentChanges ?? []).flatMap((change) => ('edits' in change ? [change] : []))
      this.onEdit(changes.map(({ textDocument }) => URI.parse(textDocument.uri).fsPath))
      if (this.isOfAnotherVersion(edit)) return { applied: false }
      this.applyOnDisk(edit)
      return { applied: true }
    })
    connection.onNotification(OutputNotification, ({ text }) => void (this.output += text))
    connection.onNotification(LogMessageNotification.type, (message) => void this.log.push(message))
    connection.onNotification('$/logTrace', ({ message }: { message: string }) => void this.traced.push(message))
  }

  /** As VS Code looks, before it applies an edit. */
  private isOfAnotherVersion({ documentChanges = [] }: WorkspaceEdit): boolean {
    return documentChanges.some((change) => {
      if (!('edits' in change) || change.textDocument.version === null) return false
      const file = URI.parse(change.textDocument.uri).fsPath
      const open = this.client.version(file) ?? this.versions.get(file)
      return open !== undefined && open !== change.textDocument.version
    })
  }

  /** As an editor does it, with its open document following. */
  private applyOnDisk(edit: WorkspaceEdit): void {
    const edits: Record<string, TextEdit[]> = { ...edit.changes }
    for (const change of edit.documentChanges ?? []) {
      if ('edits' in change) edits[change.textDocument.uri] = change.edits as TextEdit[]
    }
    for (const [uri, list] of Object.entries(edits)) {
      const file = URI.parse(uri).fsPath
      const text = fs.readFileSync(file, 'utf8')
      fs.writeFileSync(file, TextDocument.applyEdits(TextDocument.create(uri, 'x', 1, text), list))
      if (file === this.workspace.schemaFile) this.client.change(file, fs.readFileSync(file, 'utf8'))
    }
  }
}
