import type { Node, TSTypeElement } from '@babel/types'
import { appendMembers, LINE_LENGTH, layoutOf, type Braces, type Layout } from './append-members'
import type { AddedMember, FoundEdits, ModelAddition, OffsetEdit } from './model'
import { nodesBelow, placeOf, propertyName } from './syntax'

/** A type of the model's name mirrors the model when it has this many of its columns. */
const SHARED_FIELDS = 2

/** Finds `interface User { … }` and `type User = { … }` that mirror a model and lack the added fields. */
export function findInterfaceEdits(text: string, program: Node, additions: readonly ModelAddition[]): FoundEdits {
  const edits: OffsetEdit[] = []
  const notes: string[] = []
  for (const node of nodesBelow(program)) {
    const declared = objectType(node)
    const addition = additions.find(({ model }) => model === declared?.name)
    if (declared === null || addition === undefined) continue
    const present = memberTypes(text, declared.members)
    const missing = addition.members.filter(({ name }) => !present.has(name))
    const shared = [...present.keys()].filter((name) => addition.scalarFields.has(name))
    if (missing.length === 0 || shared.length < SHARED_FIELDS) continue
    if (declared.inherits) {
      const names = missing.map(({ name }) => name).join(' and ')
      notes.push(`${String(placeOf(node).line)}: ${declared.name} extends another type; look there for ${names}`)
      continue
    }
    edits.push(editOf(text, declared, missing, addition, present))
  }
  return { edits, notes }
}

interface ObjectType {
  readonly name: string
  readonly kind: 'interface' | 'type'
  readonly braces: Node
  readonly members: readonly TSTypeElement[]
  readonly inherits: boolean
}

function objectType(node: Node): ObjectType | null {
  if (node.type === 'TSInterfaceDeclaration') {
    const inherits = (node.extends ?? []).length > 0
    return { name: node.id.name, kind: 'interface', braces: node.body, members: node.body.body, inherits }
  }
  if (node.type !== 'TSTypeAliasDeclaration') return null
  const parts = node.typeAnnotation.type === 'TSIntersectionType' ? node.typeAnnotation.types : [node.typeAnnotation]
  const literal = parts.find((part) => part.type === 'TSTypeLiteral')
  if (literal === undefined) return null
  return { name: node.id.name, kind: 'type', braces: literal, members: literal.members, inherits: parts.length > 1 }
}

/** The members by name, each with its type as it is written. */
function memberTypes(text: string, members: readonly TSTypeElement[]): ReadonlyMap<string, string> {
  const types = new Map<string, string>()
  for (const member of members) {
    if (member.type !== 'TSPropertySignature' && member.type !== 'TSMethodSignature') continue
    const name = propertyName(member)
    if (name === null) continue
    const annotation = member.type === 'TSPropertySignature' ? member.typeAnnotation?.typeAnnotation : null
    const place = annotation ? placeOf(annotation) : null
    types.set(name, place === null ? '' : text.slice(place.start, place.end))
  }
  return types
}

function editOf(
  text: string,
  declared: ObjectType,
  missing: readonly AddedMember[],
  addition: ModelAddition,
  present: ReadonlyMap<string, string>,
): OffsetEdit {
  const last = declared.members.at(-1)
  const place = placeOf(last ?? declared.braces)
  // The parser counts the separator as part of the member.
  const end = /[;,]$/.test(text.slice(place.start, place.end)) ? place.end - 1 : place.end
  const braces: Braces = { ...placeOf(declared.braces), last: { start: place.start, end } }
  const layout = layoutOf(text, braces)
  const separator = separatorOf(text, declared.members, layout)
  const isReadonly = declared.members.every(
    (member) => member.type !== 'TSPropertySignature' || member.readonly === true,
  )
  const members = missing.map((member) => {
    const head = `${isReadonly ? 'readonly ' : ''}${member.name}?: `
    return head + typeOf(member, { addition, present, layout, separator, headLength: head.length })
  })
  const names = missing.map(({ name }) => name).join(' and ')
  return {
    ...appendMembers(text, braces, separator, members),
    title: `Add ${names} to ${declared.kind} ${declared.name}`,
  }
}

/** The separator that the type already uses; none where its members are parted by lines alone. */
function separatorOf(text: string, members: readonly TSTypeElement[], layout: Layout): '' | ',' | ';' {
  for (const member of members) {
    const end = text[placeOf(member).end - 1]
    if (end === ',' || end === ';') return end
  }
  return layout.indent === null ? ';' : ''
}

function typeOf(
  { shape }: AddedMember,
  context: {
    readonly addition: ModelAddition
    readonly present: ReadonlyMap<string, string>
    readonly layout: Layout
    readonly separator: '' | ',' | ';'
    readonly headLength: number
  },
): string {
  const { addition, present, layout, separator, headLength } = context
  if (shape.kind === 'value') return shape.type
  if (shape.kind === 'date') {
    const sibling = [...present].find(([name, type]) => addition.dateFields.has(name) && type !== '')
    return sibling?.[1] ?? 'string'
  }
  const fields = shape.fields.map(({ name, type }) => {
    const own = shape.isOwnModel ? present.get(name) : undefined
    return `${name}: ${own === undefined || own === '' ? type : own}`
  })
  const oneLine = `{ ${fields.join(separator === ',' ? ', ' : '; ')} } | null`
  if (layout.indent === null || layout.indent.length + headLength + oneLine.length < LINE_LENGTH) return oneLine
  const inner = `${layout.indent}${layout.indentUnit}`
  const lines = fields.map((field) => `${inner}${field}${separator}`)
  return ['{', ...lines, `${layout.indent}} | null`].join(layout.eol)
}
