import type { Node, TSTypeElement } from '@babel/types'
import { appendMembers, layoutOf } from '../append-members'
import { rank } from '../evidence'
import type { AddedMember, CodeModel, EvidenceName, Note, Site } from '../model'
import { isAuditDate, isEditor, isShown, isWhoChanged, showsHandler } from '../field-names'
import { isSerializer, isTestPath, OF_LOGGED_IN, placeEvidence } from '../place-evidence'
import type { FileContext, FoundSites } from '../facts'
import { isSilenced } from '../silenced-lines'
import { isCall, memberOf, placeOf, propertyName, textOfNode, typeNameOf, type SourceTree } from '../syntax'
import { clientModel } from './client-types'
import { typesMadeByHand } from './made-by-hand'
import { evidenceOfMembers, mirrorByMembers, mirrorByName } from './mirrors'
import { ANY_DATE, asKeys, bracesAround, inTheFormOf, memberType, separatorOf } from './type-members'

/** Finds `interface User { … }` and `type User = { … }` that mirror a model and lack the added fields. */
export function findTypeSites(tree: SourceTree, context: FileContext): FoundSites {
  const sites: Site[] = []
  const notes: Note[] = []
  if (context.isGenerated) return { sites, notes }
  const usesAnotherClient = [...context.imports.values()].some(
    ({ from }) => OTHER_CLIENT.test(from) || (/supabase/i.test(from) && /\.from\(\s*['"`]/.test(tree.text)),
  )
  let ofRawQueries: ReadonlySet<string> | null = null
  let madeByHand: ReadonlySet<string> | null = null
  for (const node of tree.nodes) {
    notes.push(...pickNotes(tree, node, context))
    const declared = objectType(node)
    if (declared === null || isOfAnotherModule(tree, node)) continue
    const present = memberTypes(tree.text, declared.members)
    const mirror =
      mirrorByName(declared.name, context.models) ?? mirrorByMembers(declared.name, [...present.keys()], context.models)
    if (mirror === null) continue
    const { model } = mirror
    if ([...present.values()].some((type) => TABLE_COLUMN.test(type)) || isPrinted([...present.keys()])) continue
    const known = evidenceOfMembers([...present.keys()], model)
    const lacking = model.members.filter(
      (member) =>
        !isShown(member, present.keys()) && !isSilenced(context.silenced, [placeOf(node).line - 1], member.auditField),
    )
    const missing = inTheFormOf(present, model, lacking)
    if (known === null || missing.length === 0) continue
    const evidence: EvidenceName[] = [
      ...known,
      mirror.evidence,
      ...placeEvidence(context.path, declared.name, model.model),
      ...frontendEvidence(context.path),
      ...(missing.some(isWhoChanged) && showsHandler(model, present.keys()) ? (['shows-handler'] as const) : []),
      ...(isMadeFromRecords(tree.text, declared.members, model) ? (['made-from-records'] as const) : []),
      ...(isSerializer(context.path) || (madeByHand ??= typesMadeByHand(tree)).has(declared.name)
        ? (['made-by-hand'] as const)
        : []),
      ...(model.isUser && OF_LOGGED_IN.test(context.path) ? (['own-record'] as const) : []),
      ...(usesAnotherClient || (ofRawQueries ??= typesOfRawQueries(tree)).has(declared.name)
        ? (['raw-query'] as const)
        : []),
    ]
    const names = missing.map(({ name }) => name)
    if (declared.inherits) {
      if (rank(evidence) !== 'left-out' || mirror.evidence === 'mirror-by-name') {
        const text = `${declared.name} extends another type; look there for ${names.join(' and ')}`
        notes.push({ line: placeOf(node).line, text })
      }
      continue
    }
    const braces = bracesAround(tree.text, declared.braces, declared.members.at(-1))
    const layout = layoutOf(tree.text, braces)
    const separator = separatorOf(tree.text, declared.members, layout)
    const isReadonly = declared.members.every(
      (member) => member.type !== 'TSPropertySignature' || member.readonly === true,
    )
    // A component gets records as they are, or what was sent as JSON.
    const date = /\.[jt]sx$/.test(context.path) ? ANY_DATE : 'string'
    const adding = (added: readonly AddedMember[]) => {
      const members = added.map((member) => {
        const head = `${isReadonly ? 'readonly ' : ''}${member.name}?: `
        return head + memberType(member, head.length, { model, present, layout, separator, date })
      })
      const addedNames = added.map(({ name }) => name)
      const title = `Add ${addedNames.join(' and ')} to ${declared.kind} ${declared.name}`
      return { ...appendMembers(tree.text, braces, separator, members), title, names: addedNames }
    }
    const site = {
      place: placeOf(declared.id),
      model: model.model,
      kind: 'type',
      evidence,
      declares: [declared.name],
    } as const
    const isSureOfUsers = model.isUser || [...present.keys()].some(isEditor)
    sites.push({
      ...adding(missing),
      ...site,
      ...(isSureOfUsers ? {} : { byKey: adding(asKeys(missing)) }),
      ...(missing === lacking ? {} : { asSelected: adding(lacking) }),
    })
  }
  return { sites, notes }
}

/**
 * `Pick<User, 'id' | 'createdAt'>` shows dates, but not the new ones. What it picks is required, so the code that creates
 * such values would have to set it first: a note, no edit.
 */
function pickNotes(tree: SourceTree, node: Node, context: FileContext): Note[] {
  if (node.type !== 'TSTypeReference' || typeNameOf(node.typeName) !== 'Pick' || isTestPath(context.path)) return []
  const [picked, keys] = node.typeParameters?.params ?? []
  const model = picked?.type === 'TSTypeReference' ? clientModel(picked.typeName, context) : null
  if (model === null || keys === undefined) return []
  const literals = keys.type === 'TSUnionType' ? keys.types : [keys]
  const names = literals.flatMap((each) =>
    each.type === 'TSLiteralType' && each.literal.type === 'StringLiteral' ? [each.literal.value] : [],
  )
  const missing = model.members.map(({ column }) => column.name).filter((name) => !names.includes(name))
  if (missing.length === 0 || !names.some(isAuditDate)) return []
  const line = placeOf(node).line
  if (isSilenced(context.silenced, [line - 1], model.members[0]?.auditField ?? '')) return []
  return [{ line, text: `this picks fields of ${model.model}; look there for ${missing.join(' and ')}` }]
}

/**
 * `author: string` if the model has a relation `author`, `daysLeft: number`: code computes such values from records, and
 * would have to pass the new fields on.
 */
function isMadeFromRecords(text: string, members: readonly TSTypeElement[], model: CodeModel): boolean {
  return members.some((member) => {
    if (member.type !== 'TSPropertySignature') return false
    const name = propertyName(member)
    const annotation = member.typeAnnotation?.typeAnnotation
    if (name === null || annotation === undefined || model.scalarFields.has(name)) return false
    if (model.members.some((added) => added.name === name || added.column.name === name)) return false
    if (member.optional === true) return isFlattened(name, model)
    if (PRIMITIVE.test(textOfNode(text, annotation))) return true
    return !model.relations.has(name) && name !== '_count' && isMadeUp(annotation)
  })
}

/** `ownerName` if the model has a relation `owner`. */
function isFlattened(name: string, { relations }: CodeModel): boolean {
  return [...relations.keys()].some(
    (relation) =>
      name.length > relation.length && /^(?:_|[A-Z])/.test(name.slice(relation.length)) && name.startsWith(relation),
  )
}

/** `'late' | 'open'`, `{ total: number }`: no column and no relation has such a type. */
function isMadeUp(type: Node): boolean {
  if (type.type === 'TSTypeLiteral' || type.type === 'TSLiteralType') return true
  if (type.type === 'TSArrayType') return isMadeUp(type.elementType)
  return type.type === 'TSUnionType' && type.types.some(isMadeUp)
}

const PRIMITIVE = /^(?:string|number|boolean|Date)(?:\[\])?(?:\s*\|\s*(?:null|undefined))?$/

/** Generators of clients and of back offices print the members of a type in alphabetical order. */
function isPrinted(names: readonly string[]): boolean {
  return names.length >= PRINTED && names.every((name, index) => index === 0 || (names[index - 1] ?? '') <= name)
}

/** The fewest members that nobody writes in alphabetical order by chance. */
const PRINTED = 7

/** In the types of Kysely's tables, which list columns and have no relations. */
const TABLE_COLUMN = /\b(?:Generated|GeneratedAlways|ColumnType)</

/**
 * Types next to calls of another database client are types of what that client reads; Supabase may be used only to log
 * in.
 */
const OTHER_CLIENT = /mongoose|typeorm|drizzle|knex|kysely|sequelize|^(?:pg|postgres|mysql2?)$/

/** `UserRow` in `db.$queryRaw<UserRow[]>` and `pool.query<UserRow>(…)`: the rows have the columns of the SQL. */
function typesOfRawQueries(tree: SourceTree): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of tree.nodes) {
    if (node.type !== 'TSTypeReference') continue
    let outer = tree.parentOf(node)
    while (outer !== null && INSIDE_TYPES.has(outer.type)) outer = tree.parentOf(outer)
    const callee = outer?.type === 'TaggedTemplateExpression' ? outer.tag : isCall(outer) ? outer.callee : null
    const called = callee === null ? null : (memberOf(callee)?.name ?? typeNameOf(callee))
    // `useQuery<Lead>` and RTK's `build.query<Lead, void>({ … })` ask a server, which may return anything.
    if (isCall(outer) && outer.arguments[0]?.type === 'ObjectExpression') continue
    if (called !== null && /^(?!use[A-Z]).*quer(?:y|ies)|^sql|^raw$|^execute$/i.test(called))
      names.add(typeNameOf(node.typeName) ?? '')
  }
  return names
}

const INSIDE_TYPES: ReadonlySet<string> = new Set([
  'TSArrayType',
  'TSIntersectionType',
  'TSUnionType',
  'TSParenthesizedType',
  'TSTypeReference',
  'TSTypeParameterInstantiation',
])

/** The types of a frontend list what its backend returns. */
function frontendEvidence(path: string): EvidenceName[] {
  return /(^|\/)(?:frontend|client|webapp)\/(?!.*\bapi\/)/i.test(path) ? ['frontend-path'] : []
}

interface ObjectType {
  readonly name: string
  readonly id: Node
  readonly kind: 'interface' | 'type'
  readonly braces: Node
  readonly members: readonly TSTypeElement[]
  readonly inherits: boolean
}

function objectType(node: Node): ObjectType | null {
  if (node.type === 'TSInterfaceDeclaration') {
    const inherits = (node.extends ?? []).length > 0
    const { id, body } = node
    return { name: id.name, id, kind: 'interface', braces: body, members: body.body, inherits }
  }
  if (node.type !== 'TSTypeAliasDeclaration') return null
  const parts = node.typeAnnotation.type === 'TSIntersectionType' ? node.typeAnnotation.types : [node.typeAnnotation]
  const literal = parts.find((part) => part.type === 'TSTypeLiteral')
  if (literal === undefined) return null
  const { id } = node
  return { name: id.name, id, kind: 'type', braces: literal, members: literal.members, inherits: parts.length > 1 }
}

/** `declare module 'next-auth' { interface User … }` belongs to another library. */
export function isOfAnotherModule(tree: SourceTree, node: Node): boolean {
  for (let next = tree.parentOf(node); next !== null; next = tree.parentOf(next)) {
    if (next.type === 'TSModuleDeclaration' && (next.id.type === 'StringLiteral' || next.kind === 'global')) return true
  }
  return false
}

/** The members by name, each with its type as written. */
export function memberTypes(text: string, members: readonly TSTypeElement[]): ReadonlyMap<string, string> {
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
