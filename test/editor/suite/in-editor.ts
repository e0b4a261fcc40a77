import assert from 'node:assert/strict'
import path from 'node:path'
import * as vscode from 'vscode'
import type { TestInterface } from '../../../client/src/test-interface'

/** The extension, activated as the sample's schema is opened. */
export async function activateExtension(): Promise<TestInterface> {
  const extension = vscode.extensions.getExtension<TestInterface>(EXTENSION)
  assert.ok(extension, `${EXTENSION} is not there`)
  return extension.activate()
}

const EXTENSION = 'prisma-audit.prisma-audit'

/** Opens a file of the workspace, by its path in the sample. */
export async function openFile(name: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0]
  assert.ok(folder, 'no workspace folder is open')
  const document = await vscode.workspace.openTextDocument(path.join(folder.uri.fsPath, name))
  await vscode.window.showTextDocument(document)
  return document
}

/** `code@line` of each of our diagnostics, one-based lines as the editor shows them, in the document's order. */
export function findingsOf(document: vscode.TextDocument): string[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source === 'prisma-audit')
    .toSorted((left, right) => left.range.start.compareTo(right.range.start))
    .map((diagnostic) => `${codeOf(diagnostic)}@${diagnostic.range.start.line + 1}`)
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code)
}

/** Waits until the document has exactly these findings; on a timeout the last ones stand in the error. */
export function untilFindings(document: vscode.TextDocument, expected: readonly string[]): Promise<void> {
  const wanted = [...expected].sort()
  return until(vscode.languages.onDidChangeDiagnostics, () => {
    assert.deepEqual(findingsOf(document).sort(), wanted)
  })
}

/** Resolves when the check stops throwing, tried now and at each event; rejects with its last error. */
export function until<Value>(event: vscode.Event<Value>, check: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let last: unknown
    const attempt = () => {
      try {
        check()
      } catch (error) {
        last = error
        return
      }
      clearTimeout(deadline)
      listener.dispose()
      resolve()
    }
    const listener = event(attempt)
    const deadline = setTimeout(() => {
      listener.dispose()
      reject(last instanceof Error ? last : new Error(String(last)))
    }, WAIT_MILLISECONDS)
    attempt()
  })
}

const WAIT_MILLISECONDS = 120_000

/** Changes the buffer without saving it. */
export async function replace(document: vscode.TextDocument, range: vscode.Range, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit()
  edit.replace(document.uri, range, text)
  assert.ok(await vscode.workspace.applyEdit(edit))
}

export async function insertLine(document: vscode.TextDocument, line: number, text: string): Promise<void> {
  await replace(document, new vscode.Range(line - 1, 0, line - 1, 0), `${text}\n`)
}

/** Puts the buffer back to a text it had. */
export async function restore(document: vscode.TextDocument, text: string): Promise<void> {
  const end = document.lineAt(document.lineCount - 1).range.end
  await replace(document, new vscode.Range(new vscode.Position(0, 0), end), text)
}
