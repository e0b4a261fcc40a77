import type { Finding } from '../../audit/finding'
import { kindOfCode } from '../../audit-fields/kinds'
import type { SourceLines } from '../../schema/edits/source-lines'
import { rangeInFile, type PlacedBlock } from '../../schema/model'
import type { SchemaFix } from './schema-fix'
import type { Translate } from '../../text/translate'

/**
 * Adds the comment that silences a finding, with a placeholder for the reason, above the field or the whole block, in
 * the same indentation.
 */
export function silenceFixes(t: Translate, finding: Finding, placed: PlacedBlock, lines: SourceLines): SchemaFix[] {
  const { block } = placed
  const field = 'fields' in block ? block.fields.find(({ name }) => name.text === finding.field) : undefined
  const line = field === undefined ? placed.startLine : rangeInFile(placed, field.range).start.line
  const before = lines.line(line)
  const indentation = /^\s*/.exec(before)?.[0] ?? ''
  // A field can have its own comment only if it begins a line.
  const isAlone = field === undefined || rangeInFile(placed, field.range).start.character === indentation.length
  if (!isAlone) return []
  const name = kindOfCode(finding.code)?.name ?? finding.code
  const start = { line, character: 0 }
  const newText = `${indentation}/// @audit-ignore ${name}: ${REASON}${lines.lineBreak}`
  const place = field === undefined ? block.name.text : `${block.name.text}.${field.name.text}`
  const edits = [{ file: finding.file, range: { start, end: start }, newText }]
  return [{ title: t('Ignore {0} for {1}', name, place), edits, isPreferred: false }]
}

/** A placeholder for the user to replace. */
const REASON = 'say why here'
