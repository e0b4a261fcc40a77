import type { Connection, WorkspaceEdit } from 'vscode-languageserver'
import {
  DocumentVersionsRequest,
  SaveDocumentsRequest,
  UnsavedDocumentsRequest,
  type UnsavedDocument,
} from '../../../protocol/src/index'
import { readTextIfFit } from '../files/bounded-files'
import type { Project } from '../project/project'
import { requireUnchanged } from '../project/require-unchanged'
import type { TextEdit } from '../schema/edits/text-edit'
import { readVersions, requireSameVersions } from './read-versions'
import { pathOfUri, uriOfPath } from './uris'
import type { VersionOf } from './workspace-edit'

/** The documents that a command edits through the editor, which may hold them with unsaved texts. */
export class EditedDocuments {
  /** Whether the editor has refused the last edit because a document has changed. */
  haveChanged = false

  constructor(
    private readonly connection: Connection,
    private readonly project: Project,
  ) {}

  /** By path. */
  async unsaved(): Promise<ReadonlyMap<string, UnsavedDocument>> {
    const documents = await this.connection.sendRequest(UnsavedDocumentsRequest)
    return new Map(documents.map((document) => [pathOfUri(document.uri) ?? document.uri, document]))
  }

  /**
   * Applies the edits and saves; false if that was declined or impossible. The editor refuses an edit of a document that
   * has another version when the edit arrives, or at the end of its review. It is the version that we have read, or of
   * a document opened before its text is held against that of the edits: whatever is typed meanwhile is noticed.
   */
  async apply(
    edits: readonly TextEdit[],
    label: string,
    toEdit: (versionOf: VersionOf) => WorkspaceEdit,
  ): Promise<boolean> {
    const opened = await this.versions(edits)
    await this.requireSameTexts(edits)
    const read = readVersions(this.project, edits)
    const edit = toEdit((file) => read.get(file) ?? opened.get(file) ?? null)
    const answer = await this.connection.workspace.applyEdit({ label, edit })
    if (!answer.applied) {
      this.haveChanged = true
      requireSameVersions(read, (file) => this.project.versionOf(file))
      const now = await this.versions(edits)
      requireSameVersions(opened, (file) => now.get(file) ?? null)
      await this.requireSameTexts(edits)
      this.haveChanged = false
      return false
    }
    const uris = [...new Set(edits.map(({ file }) => uriOfPath(file)))]
    return await this.connection.sendRequest(SaveDocumentsRequest, { uris })
  }

  private async requireSameTexts(edits: readonly TextEdit[]): Promise<void> {
    const unsaved = await this.unsaved()
    requireUnchanged(edits, (file) =>
      this.project.ownsSchemaFile(file)
        ? this.project.readFile(file)
        : (unsaved.get(file)?.text ?? readTextIfFit(file)),
    )
  }

  /** Of all files that are not of the schema, whose versions the server knows. */
  private async versions(edits: readonly TextEdit[]): Promise<ReadonlyMap<string, number | null>> {
    const files = [...new Set(edits.map(({ file }) => file))].filter((file) => !this.project.ownsSchemaFile(file))
    if (files.length === 0) return new Map()
    const versions = await this.connection.sendRequest(DocumentVersionsRequest, { uris: files.map(uriOfPath) })
    return new Map(files.map((file, index) => [file, versions[index] ?? null]))
  }
}
