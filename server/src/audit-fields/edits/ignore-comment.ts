import type { AuditField } from '../kinds'
import { findModel } from '../../schema/lookup'
import type { SchemaModel } from '../../schema/model'
import type { TextEdit } from '../../schema/edits/text-edit'

/** The edit that silences one audit field of a model: `/// @audit-ignore updatedAt: why` above it. */
export function ignoreCommentEdit(schema: SchemaModel, model: string, field: AuditField): TextEdit | null {
  const found = findModel(schema, model)
  if (found === null) return null
  const start = { line: found.placed.startLine, character: 0 }
  const lineEnd = found.file.text.toString().includes('\r\n') ? '\r\n' : '\n'
  return {
    file: found.file.path,
    range: { start, end: start },
    newText: `/// @audit-ignore ${field}: say why here${lineEnd}`,
  }
}
