import type { Node } from '@babel/types'
import { appendMembers } from '../append-members'
import type { AddedMember, CodeModel, Note, Site } from '../model'
import { objectLiteral, type ObjectLiteral } from '../object-literal'
import { isTestPath } from '../place-evidence'
import type { FileContext, FoundSites } from '../facts'
import { isSilenced } from '../silenced-lines'
import {
  isCall,
  isFunction,
  memberOf,
  placeOf,
  propertyName,
  textOfNode,
  typeNameOf,
  unwrap,
  type CallNode,
  type FunctionNode,
  type SourceTree,
} from '../syntax'
import { clientModel } from './client-types'

/**
 * Finds object literals of the client's own type, which no longer compile once the type has more columns: declared,
 * returned or checked (`satisfies`) as `User`, `User[]` or `Promise<User>`. Also in tests.
 */
export function findBrokenLiterals(tree: SourceTree, context: FileContext): FoundSites {
  const sites: Site[] = []
  const notes: Note[] = []
  for (const { model, node, doubt } of typedLiterals(tree, context)) {
    const object = objectLiteral(node)
    if (object.spreads.length > 0 || object.hasComputedNames || object.lastMember === null) continue
    const shared = [...object.members.keys()].filter((name) => model.scalarFields.has(name))
    const missing = model.members.filter(
      ({ column, auditField }) =>
        !object.members.has(column.name) && !isSilenced(context.silenced, [object.line - 1], auditField),
    )
    // One that lacks another column does not compile today.
    if (shared.length < 2 || missing.length === 0 || !hasAllColumns(object, model)) continue
    const values = missing.map((member) => valueFor(member, node, model, tree.text))
    const names = missing.map(({ column }) => column.name)
    if (values.some((value) => value === null)) {
      notes.push({ line: object.line, text: `this ${model.model} no longer compiles without ${names.join(' and ')}` })
      continue
    }
    const members = missing.map(
      ({ column }, index) => `${object.quote}${column.name}${object.quote}: ${values[index] ?? 'null'}`,
    )
    sites.push({
      ...appendMembers(tree.text, { start: object.start, end: object.end, last: object.lastMember }, ',', members),
      title: `Add ${names.join(' and ')} to this ${model.model}`,
      place: { start: object.start, end: object.start + 1 },
      model: model.model,
      names,
      kind: 'breaks',
      evidence: ['breaks-compile', ...(doubt === undefined ? [] : [doubt])],
    })
  }
  return { sites, notes }
}

const MOCKS = /^mock(?:Resolved|Return)Value(?:Once)?$/

interface TypedLiteral {
  readonly model: CodeModel
  readonly node: Extract<Node, { type: 'ObjectExpression' }>
  readonly doubt?: 'is-written' | 'is-mocked'
}

function typedLiterals(tree: SourceTree, context: FileContext): TypedLiteral[] {
  const found = new Map<Node, TypedLiteral>()
  const aliases = aliasesOf(tree, context)
  const add = (type: Node | null, expression: Node | null | undefined, doubt?: 'is-written') => {
    const typed = type === null ? null : clientType(type, context, aliases)
    if (typed === null || !expression) return
    for (const node of literalsIn(expression, typed.isList))
      found.set(node, { model: typed.model, node, ...(doubt === undefined ? {} : { doubt }) })
  }
  const looksForRecords = isTestPath(context.path) && !hasUntypedMocks(tree.text)
  for (const node of tree.nodes) {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') add(annotated(node.id), node.init)
    else if (node.type === 'ClassProperty') add(annotated(node), node.value)
    else if (node.type === 'TSSatisfiesExpression') add(node.typeAnnotation, node.expression)
    else if (isCall(node)) {
      for (const mocked of mockedAnswers(tree, node, context, looksForRecords))
        if (!found.has(mocked.node)) found.set(mocked.node, mocked)
    } else if (isFunction(node) && node.returnType?.type === 'TSTypeAnnotation') {
      const type = node.returnType.typeAnnotation
      const doubt = TO_DATABASE.test(nameOf(tree, node)) ? 'is-written' : undefined
      if (node.body.type !== 'BlockStatement') add(type, node.body, doubt)
      else for (const each of node.body.body) if (each.type === 'ReturnStatement') add(type, each.argument, doubt)
    }
  }
  return [...found.values()]
}

function nameOf(tree: SourceTree, node: FunctionNode): string {
  const holder = 'key' in node || node.type === 'FunctionDeclaration' ? node : tree.parentOf(node)
  if (holder?.type === 'VariableDeclarator' || holder?.type === 'FunctionDeclaration')
    return holder.id?.type === 'Identifier' ? holder.id.name : ''
  return holder !== null && 'key' in holder ? (propertyName(holder) ?? '') : ''
}

/** `toPrisma(role): PrismaRole` makes what a repository writes: `null` in it takes precedence over who changes it. */
const TO_DATABASE = /to(?:Prisma|Persistence|Database|Db|Orm|Row)(?![a-z])/i

/**
 * `vi.mocked(prisma.user.findUnique).mockResolvedValue({ … })`: whether the mock is typed is unknown, but a literal with all
 * columns of the model has them because the compiler required them.
 */
function mockedAnswers(
  tree: SourceTree,
  call: CallNode,
  context: FileContext,
  looksForRecords: boolean,
): TypedLiteral[] {
  const mock = memberOf(call.callee)
  const [answer] = call.arguments
  if (mock === null || answer === undefined || !MOCKS.test(mock.name)) return []
  const object = firstOfChain(mock.object)
  if (object.type === 'TSAsExpression' || object.type === 'ParenthesizedExpression') return []
  // `jest.fn().mockResolvedValue(lead)` and `lead as any` accept any record.
  if (isCall(object) && memberOf(object.callee)?.name === 'fn') return []
  if (answer.type === 'TSAsExpression') return []
  const mocked = isCall(object) ? object.arguments[0] : object
  const method = mocked === undefined ? null : memberOf(mocked)
  // `jest.spyOn(prisma.user, 'findUnique')` and `vi.mocked(prisma.user.findUnique)` are typed by the client.
  const typed = isCall(object) ? (memberOf(object.callee)?.name ?? '') : ''
  const accessor = method === null || typed === 'spyOn' ? method : memberOf(method.object)
  const model = [...context.models.values()].find(({ clientName }) => clientName === accessor?.name)
  if (model === undefined) return looksForRecords ? wholeRecords(tree, answer, context) : []
  // The client of another model returns no records of this one.
  if (model.members.length === 0) return []
  if (accessor !== null && isOfAnyType(tree, accessor.object)) return []
  if (accessor !== null && typed !== 'spyOn' && isMadeOfMocks(tree, accessor.name)) return []
  return literalsIn(answer, unwrap(answer).type === 'ArrayExpression').flatMap((node) =>
    hasAllColumns(objectLiteral(node), model)
      ? [{ model, node, ...(/^(?:spyOn|mocked)$/.test(typed) ? {} : UNTYPED) }]
      : [],
  )
}

const UNTYPED = { doubt: 'is-mocked' } as const

/** `mock` of `mock.mockResolvedValueOnce(a).mockResolvedValueOnce(b)`. */
function firstOfChain(object: Node): Node {
  const before = isCall(object) ? memberOf(object.callee) : null
  return before !== null && MOCKS.test(before.name) ? firstOfChain(before.object) : object
}

/**
 * `const db = prisma as any`, `as unknown as ReturnType<typeof mockDeep>`, `const tx = db.tx`, `const tx = { lead: { create: jest.fn() } }`: the compiler does not
 * check such a client.
 */
function isOfAnyType(tree: SourceTree, client: Node, depth = 3): boolean {
  const root = unwrap(client)
  const inner = memberOf(root)
  if (inner !== null) return isOfAnyType(tree, inner.object, depth)
  if (root.type !== 'Identifier' || depth === 0) return false
  return tree.identifiersNamed(root.name).some((node) => {
    const holder = tree.parentOf(node)
    if (holder?.type !== 'VariableDeclarator' || holder.id !== node || !holder.init) return false
    const { init } = holder
    if (init.type === 'TSAsExpression') return UNCHECKED.test(textOfNode(tree.text, init.typeAnnotation))
    return init.type === 'ObjectExpression' || isOfAnyType(tree, init, depth - 1)
  })
}

/** Without a type argument, a mock is of nothing. */
const UNCHECKED = /^(?:any|ReturnType<typeof mockDeep>)$/

/** `{ user: { findUnique: jest.fn() } }`, wherever it is made: such functions accept any result. */
function isMadeOfMocks(tree: SourceTree, delegate: string): boolean {
  return tree.identifiersNamed(delegate).some((name) => {
    const property = tree.parentOf(name)
    return (
      property?.type === 'ObjectProperty' &&
      property.key === name &&
      property.value.type === 'ObjectExpression' &&
      /\b(?:jest|vi)\.fn\(/.test(textOfNode(tree.text, property.value))
    )
  })
}

/**
 * `const lead = { … }` in a test, which a mock of a repository or a service returns, as it is or spread. It has no declared
 * type, but an object with exactly the columns of one model is a record of it.
 */
function wholeRecords(tree: SourceTree, answer: Node, context: FileContext): TypedLiteral[] {
  const value = unwrap(answer)
  if (value.type === 'ArrayExpression') {
    return value.elements.flatMap((each) => (each === null ? [] : wholeRecords(tree, each, context)))
  }
  if (value.type === 'SpreadElement') return wholeRecords(tree, value.argument, context)
  if (value.type === 'Identifier') return declaredRecord(tree, value.name, context)
  if (value.type !== 'ObjectExpression') return []
  const inside = value.properties.flatMap((property) =>
    property.type === 'SpreadElement' ? wholeRecords(tree, property, context) : [],
  )
  return [...inside, ...recordOf(value, context)]
}

function declaredRecord(tree: SourceTree, name: string, context: FileContext): TypedLiteral[] {
  return tree.identifiersNamed(name).flatMap((node) => {
    const holder = tree.parentOf(node)
    if (holder?.type !== 'VariableDeclarator' || holder.id !== node || annotated(node) !== null) return []
    return holder.init?.type === 'ObjectExpression' ? recordOf(holder.init, context) : []
  })
}

function recordOf(node: TypedLiteral['node'], { models }: FileContext): TypedLiteral[] {
  const literal = objectLiteral(node)
  const names = [...literal.members.keys()]
  const matching = [...models.values()].filter((model) => {
    const isKnown = (name: string) =>
      model.scalarFields.has(name) ||
      model.relations.has(name) ||
      model.members.some((member) => member.name === name || member.column.name === name)
    return names.length >= LEAST_COLUMNS && hasAllColumns(literal, model) && names.every(isKnown)
  })
  const [model, another] = matching
  return model === undefined || another !== undefined || model.members.length === 0 ? [] : [{ model, node, ...UNTYPED }]
}

/** An object of `jest.fn()` accepts any result, unless its type is declared. */
function hasUntypedMocks(text: string): boolean {
  return (
    /\b(?:jest|vi)\.fn\(/.test(text) &&
    !/\bMock(?:ed\w*|Proxy)<|\b(?:mocked|mockDeep|spyOn|createMock)\b|\bDeepMock/.test(text)
  )
}

/** With fewer columns, it could be a record of anything. */
const LEAST_COLUMNS = 4

function hasAllColumns({ members }: ObjectLiteral, model: CodeModel): boolean {
  const added = new Set(model.members.flatMap(({ name, column }) => [name, column.name]))
  return [...model.scalarFields].every((name) => added.has(name) || members.has(name))
}

function annotated(node: { readonly typeAnnotation?: Node | null }): Node | null {
  return node.typeAnnotation?.type === 'TSTypeAnnotation' ? node.typeAnnotation.typeAnnotation : null
}

function clientType(
  type: Node,
  context: FileContext,
  aliases: Aliases,
): { readonly model: CodeModel; readonly isList: boolean } | null {
  if (type.type === 'TSArrayType') {
    const element = clientType(type.elementType, context, aliases)
    return element === null || element.isList ? null : { ...element, isList: true }
  }
  // `User | null`
  if (type.type === 'TSUnionType') {
    return type.types.map((each) => clientType(each, context, aliases)).find((each) => each !== null) ?? null
  }
  if (type.type !== 'TSTypeReference') return null
  const name = typeNameOf(type.typeName) ?? ''
  const [first] = type.typeParameters?.params ?? []
  if (first !== undefined && /^(?:Promise|Readonly|Array|ReadonlyArray)$/.test(name)) {
    const inner = clientType(first, context, aliases)
    return inner === null ? null : { ...inner, isList: inner.isList || name.endsWith('Array') }
  }
  const model = first === undefined ? (clientModel(type.typeName, context) ?? aliases.get(name) ?? null) : null
  return model === null ? null : { model, isList: false }
}

/** `type LeadWithNotes = Lead & { notes: Note[] }`, `interface Row extends Lead { … }`: the file's own names for more. */
function aliasesOf(tree: SourceTree, context: FileContext): Aliases {
  const aliases = new Map<string, CodeModel>()
  for (const node of tree.nodes) {
    const parts =
      node.type === 'TSTypeAliasDeclaration' && node.typeAnnotation.type === 'TSIntersectionType'
        ? node.typeAnnotation.types.map((part) =>
            part.type === 'TSTypeReference' && !part.typeParameters ? part.typeName : null,
          )
        : node.type === 'TSInterfaceDeclaration'
          ? (node.extends ?? []).map((part) => part.expression)
          : []
    const model = parts.map((part) => (part === null ? null : clientModel(part, context))).find((each) => each !== null)
    if (model && 'id' in node && node.id?.type === 'Identifier') aliases.set(node.id.name, model)
  }
  return aliases
}

type Aliases = ReadonlyMap<string, CodeModel>

function literalsIn(expression: Node, isList: boolean): TypedLiteral['node'][] {
  // The compiler does not check `{ … } as any`.
  const isAsserted = expression.type === 'TSAsExpression' && textOfType(expression.typeAnnotation) !== 'const'
  if (isAsserted || expression.type === 'TSTypeAssertion') return []
  const node = unwrap(expression)
  if (isList)
    return node.type === 'ArrayExpression' ? node.elements.flatMap((each) => (each ? literalsIn(each, false) : [])) : []
  return node.type === 'ObjectExpression' ? [node] : []
}

function textOfType(type: Node): string {
  return type.type === 'TSTypeReference' ? (typeNameOf(type.typeName) ?? '') : ''
}

/** `null` for a nullable column, the value of the date next to it for a date; null if no value is certain. */
function valueFor({ column }: AddedMember, node: TypedLiteral['node'], model: CodeModel, text: string): string | null {
  if (column.isNullable) return 'null'
  if (column.type !== 'Date') return null
  const sibling = node.properties.find(
    (property) => property.type === 'ObjectProperty' && model.dateFields.has(propertyName(property) ?? ''),
  )
  const value = sibling?.type === 'ObjectProperty' ? unwrap(sibling.value) : null
  const isCopied = value?.type === 'NewExpression' || value?.type === 'Identifier'
  return value !== null && isCopied && placeOf(value).end > 0 ? textOfNode(text, value) : 'new Date()'
}
