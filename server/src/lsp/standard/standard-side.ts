import type { ClientCapabilities, Connection } from 'vscode-languageserver'
import type { Project } from '../../project/project'
import type { Secrets } from '../../database/secrets'
import type { Translate } from '../../text/translate'
import type { ServerLog } from '../log'
import type { OpenDocument } from '../open-document'
import { ConnectionMessages } from './connection-messages'
import { OpenFiles } from './open-files'
import { StandardCommands, type CommandRequest } from './standard-commands'
import { StandardEditor } from './standard-editor'

export interface StandardSideSurroundings {
  readonly secrets: Secrets
  readonly t: Translate
  readonly log: ServerLog
  /** Of the schema, the policy and the application. */
  openDocuments(): readonly OpenDocument[]
  /** By a document's URI; null if no document was named. */
  projectsFor(uri: string | null): readonly Project[]
  createPolicy(project: Project): Promise<void>
}

/** Everything that an editor without our client gets in addition to the features of the schema file. */
export class StandardSide {
  readonly editor: StandardEditor
  readonly connections: ConnectionMessages
  private readonly files: OpenFiles
  private readonly commands: StandardCommands

  constructor(connection: Connection, surroundings: StandardSideSurroundings) {
    this.editor = new StandardEditor(connection, surroundings.secrets)
    this.connections = new ConnectionMessages(this.editor, surroundings.t)
    this.files = new OpenFiles(() => surroundings.openDocuments())
    this.commands = new StandardCommands({ ...surroundings, connection, editor: this.editor, files: this.files })
  }

  initialize(capabilities: ClientCapabilities): void {
    this.editor.initialize(capabilities)
  }

  start(request: CommandRequest): void {
    this.commands.start(request)
  }

  /** A document was saved or closed: a command may be waiting for it. */
  documentChanged(): void {
    this.files.changed()
  }

  close(): void {
    this.commands.close()
    this.editor.close()
  }
}
