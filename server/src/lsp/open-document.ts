import type { TextDocumentsConfiguration } from 'vscode-languageserver'
import { TextDocumentContentChangeEvent } from './protocol'
import { SourceText } from '../schema/source-text'

/** The latest version of a document that is open in the editor. */
export interface OpenDocument {
  readonly uri: string
  readonly version: number
  readonly text: SourceText
}

/** Applies the editor's edits to its documents. */
export const OPEN_DOCUMENT: TextDocumentsConfiguration<OpenDocument> = {
  create: (uri, _language, version, content) => ({ uri, version, text: SourceText.of(content) }),
  update: ({ uri, text }, changes, version) => ({ uri, version, text: changes.reduce(changed, text) }),
}

function changed(text: SourceText, change: TextDocumentContentChangeEvent): SourceText {
  return TextDocumentContentChangeEvent.isIncremental(change)
    ? text.replace(change.range, change.text)
    : SourceText.of(change.text)
}
