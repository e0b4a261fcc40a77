import type { TextDocument } from 'vscode'

/**
 * Saves a document; false if VS Code did not. VS Code also answers false if its auto save interfered. Then the state of
 * the document counts: a document that no editor shows is closed once it is saved, and cannot be saved again.
 */
export async function saveDocument(document: Pick<TextDocument, 'isClosed' | 'isDirty' | 'save'>): Promise<boolean> {
  if (await document.save()) return true
  return document.isClosed || !document.isDirty || (await document.save())
}
