import type { CallExpression, Node, ObjectExpression, OptionalCallExpression } from '@babel/types'
import { appendMembers, LINE_LENGTH, layoutOf, type Braces, type Layout } from './append-members'
import type { AddedMember, FoundEdits, ModelAddition, OffsetEdit } from './model'
import { nodesBelow, objectConstants, placeOf, propertyName, resolveObject, unwrap } from './syntax'

/** The calls of Prisma Client whose answer is records of the model, relations included. */
const METHODS: ReadonlySet<string> = new Set([
  'findMany',
  'findFirst',
  'findFirstOrThrow',
  'findUnique',
  'findUniqueOrThrow',
  'create',
  'update',
  'upsert',
  'delete',
])

/** A select of fewer fields asks whether a record is there, and does not show it. */
const SHOWN_FIELDS = 2

/** Finds the `select` objects of calls such as `prisma.user.findMany({ select: { … } })` that lack the added fields. */
export function findSelectEdits(text: string, program: Node, additions: readonly ModelAddition[]): FoundEdits {
  const constants = objectConstants(program)
  const edits = new Map<number, OffsetEdit>()
  const notes: string[] = []
  for (const node of nodesBelow(program)) {
    if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') continue
    const call = clientCall(text, node)
    const addition = additions.find(({ clientName }) => clientName === call?.clientName)
    if (call === null || addition === undefined) continue
    const select = selectOf(node, constants)
    if (select === null) continue

    const object = resolveObject(select, constants)
    if (object === null) {
      notes.push(
        `${String(placeOf(select).line)}: the select of ${call.label} is built elsewhere; ${lookFor(addition)}`,
      )
      continue
    }
    const { names, isComplete } = selectedNames(object, constants)
    const missing = addition.members.filter(({ name }) => !names.has(name))
    if (missing.length === 0) continue
    if (!isComplete) {
      notes.push(
        `${String(placeOf(object).line)}: the select of ${call.label} spreads another object; ${lookFor(addition)}`,
      )
      continue
    }
    if ([...names].filter((name) => addition.scalarFields.has(name)).length < SHOWN_FIELDS) continue
    const edit = editOf(text, object, missing, call.label)
    if (edit !== null) edits.set(placeOf(object).start, edit)
  }
  return { edits: [...edits.values()], notes }
}

/** `x.user.findMany(…)` for any `x`: what a client is called, and how it is reached, differs from project to project. */
function clientCall(
  text: string,
  call: CallExpression | OptionalCallExpression,
): { readonly clientName: string; readonly label: string } | null {
  const method = memberOf(call.callee)
  if (method === null || !METHODS.has(method.name)) return null
  const model = memberOf(method.object)
  if (model === null) return null
  const { start, end } = placeOf(call.callee)
  const source = text.slice(start, end)
  const isShort = source.length <= 60 && !/\s/.test(source)
  return { clientName: model.name, label: isShort ? source : `${model.name}.${method.name}` }
}

function memberOf(node: Node): { readonly name: string; readonly object: Node } | null {
  const member = unwrap(node)
  if (member.type !== 'MemberExpression' && member.type !== 'OptionalMemberExpression') return null
  const name = propertyName({ key: member.property, computed: member.computed })
  return name === null ? null : { name, object: member.object }
}

function selectOf(
  call: CallExpression | OptionalCallExpression,
  constants: ReadonlyMap<string, ObjectExpression>,
): Node | null {
  const first = call.arguments[0]
  const options = first === undefined ? null : resolveObject(first, constants)
  for (const property of options?.properties ?? []) {
    if (property.type === 'ObjectProperty' && propertyName(property) === 'select') return property.value
  }
  return null
}

/** The names in the object and in what it spreads; not complete where that cannot be seen in this file. */
function selectedNames(
  object: ObjectExpression,
  constants: ReadonlyMap<string, ObjectExpression>,
  visited: ReadonlySet<ObjectExpression> = new Set(),
): { readonly names: ReadonlySet<string>; readonly isComplete: boolean } {
  const names = new Set<string>()
  let isComplete = true
  for (const property of object.properties) {
    if (property.type === 'SpreadElement') {
      const spread = resolveObject(property.argument, constants)
      if (spread === null || visited.has(spread)) {
        isComplete = false
        continue
      }
      const inner = selectedNames(spread, constants, new Set([...visited, object]))
      for (const name of inner.names) names.add(name)
      isComplete &&= inner.isComplete
      continue
    }
    const name = propertyName(property)
    if (name === null) isComplete = false
    else names.add(name)
  }
  return { names, isComplete }
}

function editOf(
  text: string,
  object: ObjectExpression,
  missing: readonly AddedMember[],
  label: string,
): OffsetEdit | null {
  const last = object.properties.at(-1)
  if (last === undefined) return null
  const braces: Braces = { ...placeOf(object), last: placeOf(last) }
  const layout = layoutOf(text, braces)
  const quote =
    last.type === 'ObjectProperty' && last.key.type === 'StringLiteral' ? (text[placeOf(last).start] ?? '') : ''
  const members = missing.map((member) => selectMember(member, layout, quote))
  const names = missing.map(({ name }) => name).join(' and ')
  return { ...appendMembers(text, braces, ',', members), title: `Add ${names} to the select of ${label}` }
}

function selectMember({ name, shape }: AddedMember, layout: Layout, quote: string): string {
  const key = (word: string) => `${quote}${word}${quote}`
  if (shape.kind !== 'user') return `${key(name)}: true`
  const inner = `${key('select')}: { ${shape.fields.map((field) => `${key(field.name)}: true`).join(', ')} }`
  const oneLine = `${key(name)}: { ${inner} }`
  if (layout.indent === null || layout.indent.length + oneLine.length < LINE_LENGTH) return oneLine
  const comma = layout.hasTrailingSeparator ? ',' : ''
  return [`${key(name)}: {`, `${layout.indent}${layout.indentUnit}${inner}${comma}`, `${layout.indent}}`].join(
    layout.eol,
  )
}

function lookFor(addition: ModelAddition): string {
  return `look there for ${addition.members.map(({ name }) => name).join(' and ')}`
}
