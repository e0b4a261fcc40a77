import { appendMembers, LINE_LENGTH, layoutOf, type Braces, type Layout } from '../append-members'
import { shownFields } from '../field-names'
import type { AddedMember, OffsetEdit } from '../model'
import type { FoundObject } from './module-lookup'

/** The edit that adds members to a select or an include, in the style of its file. */
export function insertion(
  text: string,
  object: FoundObject['object'],
  missing: readonly AddedMember[],
  written: WrittenUsers,
): OffsetEdit {
  const braces: Braces = { start: object.start, end: object.end, last: object.lastMember ?? object }
  const layout = layoutOf(text, braces)
  const members = missing.map((member) => selectMember(member, layout, object.quote, written))
  return appendMembers(text, braces, ',', members)
}

interface WrittenUsers {
  readonly showsAddresses: boolean
  /** The style of a select of a user next to them, on one line or several; null if there is none. */
  readonly like: string | null
}

function selectMember(
  { name, shape }: AddedMember,
  layout: Layout,
  quote: string,
  { showsAddresses, like }: WrittenUsers,
): string {
  const key = (word: string) => `${quote}${word}${quote}`
  if (shape.kind !== 'user') return `${key(name)}: true`
  if (like !== null) return `${key(name)}: ${like}`
  const fields = shownFields(shape.fields, showsAddresses)
  const inner = `${key('select')}: { ${fields.map((field) => `${key(field.name)}: true`).join(', ')} }`
  const oneLine = `${key(name)}: { ${inner} }`
  if (layout.indent === null || layout.indent.length + oneLine.length < LINE_LENGTH) return oneLine
  const comma = layout.hasTrailingSeparator ? ',' : ''
  return [`${key(name)}: {`, `${layout.indent}${layout.indentUnit}${inner}${comma}`, `${layout.indent}}`].join(
    layout.eol,
  )
}
