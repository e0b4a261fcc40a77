import { TextDocumentContentChangeEvent, type TextDocumentsConfiguration } from 'vscode-languageserver'
import { SourceText } from '../schema/source-text'

/** A document that is open in the editor, as of its latest version. */
export interface OpenDocument {
  readonly uri: string
  readonly text: SourceText
}

/** How the documents of an editor follow its edits. */
export const OPEN_DOCUMENT: TextDocumentsConfiguration<OpenDocument> = {
  create: (uri, _language, _version, content) => ({ uri, text: SourceText.of(content) }),
  update: ({ uri, text }, changes) => ({ uri, text: changes.reduce(changed, text) }),
}

function changed(text: SourceText, change: TextDocumentContentChangeEvent): SourceText {
  return TextDocumentContentChangeEvent.isIncremental(change)
    ? text.replace(change.range, change.text)
    : SourceText.of(change.text)
}
