import { findNodeAtLocation, modify, parseTree } from 'jsonc-parser'
import type { TextEdit } from '../schema/edits/text-edit'
import type { Position } from '../schema/model'
import type { AuditField } from './kinds'

/** The edits of a valid policy that make a field named `alias` the audit field. */
export function aliasEdits(
  policy: { readonly file: string; readonly text: string },
  field: AuditField,
  alias: string,
): TextEdit[] {
  const { file, text } = policy
  const path = ['fields', field, 'aliases']
  const tree = parseTree(text)
  const before = tree === undefined ? undefined : findNodeAtLocation(tree, path)
  const formattingOptions = { insertSpaces: !/^\t/m.test(text), tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' }
  const last = before?.children?.at(-1)
  const edits =
    last === undefined
      ? modify(text, path, [alias], { formattingOptions })
      : [{ offset: last.offset + last.length, length: 0, content: `, ${JSON.stringify(alias)}` }]
  return edits.map(({ offset, length, content }) => ({
    file,
    range: { start: positionAt(text, offset), end: positionAt(text, offset + length) },
    newText: content,
  }))
}

function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
}
