import type { CallExpression, Node, ObjectExpression } from '@babel/types'
import { appendMembers } from '../append-members'
import type { FileContext, FoundSites } from '../facts'
import { isShown } from '../field-names'
import type { AddedMember, CodeModel, EvidenceName, Site } from '../model'
import { objectLiteral } from '../object-literal'
import { placeEvidence } from '../place-evidence'
import { isSilenced } from '../silenced-lines'
import { isCall, isFunction, memberOf, placeOf, propertyName, textOfNode, unwrap, type SourceTree } from '../syntax'
import { evidenceOfMembers } from './mirrors'

/** Finds `builder.prismaObject('User', { fields: (t) => ({ … }) })` of Pothos, which names its model. */
export function findPothosSites(tree: SourceTree, context: FileContext): FoundSites {
  const sites = context.isGenerated ? [] : tree.nodes.flatMap((node) => siteOf(tree, node, context))
  return { sites, notes: [] }
}

function siteOf(tree: SourceTree, node: Node, context: FileContext): Site[] {
  if (node.type !== 'CallExpression') return []
  const method = memberOf(node.callee)?.name ?? ''
  const [named] = node.arguments
  const model = named?.type === 'StringLiteral' ? context.models.get(named.value) : undefined
  if (!/^prisma(?:Object|Node|Interface)$/.test(method) || model === undefined || named === undefined) return []
  const fields = fieldsOf(node)
  const object = fields === null ? null : objectLiteral(fields.object)
  const known = object === null ? null : evidenceOfMembers([...object.members.keys()], model)
  const last = object?.lastMember ?? null
  if (fields === null || object === null || last === null || known === null || object.spreads.length > 0) return []
  const lines = [object.line - 1, placeOf(node).line - 1]
  const missing = model.members.filter(
    (member) => !isShown(member, object.members.keys()) && !isSilenced(context.silenced, lines, member.auditField),
  )
  if (missing.length === 0) return []
  const evidence: EvidenceName[] = [...known, 'mirror-by-name', ...placeEvidence(context.path, null, model.model)]
  const showsUsers = fields.object.properties.some((property) => isRelationToUser(property, model, context))
  const written = missing.map((member) => fieldOf(member, fields, { model, showsUsers, text: tree.text }))
  const names = written.map(({ name }) => name)
  const members = written.map(({ name, value }) => `${object.quote}${name}${object.quote}: ${value}`)
  return [
    {
      ...appendMembers(tree.text, { start: object.start, end: object.end, last }, ',', members),
      title: `Add ${names.join(' and ')} to ${method} ${model.model}`,
      place: placeOf(named),
      model: model.model,
      names,
      kind: 'type',
      evidence,
    },
  ]
}

interface BuilderFields {
  readonly object: ObjectExpression
  /** The parameter name of the field builder: `t`. */
  readonly builder: string
}

/** The object that `fields` returns. */
function fieldsOf({ arguments: [, options] }: CallExpression): BuilderFields | null {
  if (options?.type !== 'ObjectExpression') return null
  const property = options.properties.find((each) => each.type !== 'SpreadElement' && propertyName(each) === 'fields')
  const fn = property?.type === 'ObjectProperty' ? unwrap(property.value) : (property ?? null)
  if (!isFunction(fn)) return null
  const [parameter] = fn.params
  const last = fn.body.type === 'BlockStatement' ? fn.body.body.at(-1) : null
  const answer = fn.body.type === 'BlockStatement' ? (last?.type === 'ReturnStatement' ? last.argument : null) : fn.body
  const object = answer ? unwrap(answer) : null
  return object?.type === 'ObjectExpression' && parameter?.type === 'Identifier'
    ? { object, builder: parameter.name }
    : null
}

/** `author: t.relation('author')`, if the author is a user: then users have their own type here. */
function isRelationToUser(property: Node, model: CodeModel, { models }: FileContext): boolean {
  if (property.type !== 'ObjectProperty' || !isCall(property.value)) return false
  const [first] = property.value.arguments
  if (memberOf(property.value.callee)?.name !== 'relation' || first?.type !== 'StringLiteral') return false
  return models.get(model.relations.get(first.value)?.model ?? '')?.isUser === true
}

function fieldOf(
  { name, shape, column }: AddedMember,
  { object, builder }: BuilderFields,
  { model, showsUsers, text }: { readonly model: CodeModel; readonly showsUsers: boolean; readonly text: string },
): { readonly name: string; readonly value: string } {
  if (shape.kind === 'date') {
    const options = column.isNullable ? `{ type: 'DateTime', nullable: true }` : `{ type: 'DateTime' }`
    return { name, value: dateLike(object, model, name, text) ?? `${builder}.expose('${name}', ${options})` }
  }
  if (shape.kind === 'user' && (showsUsers || shape.isOwnModel)) {
    return { name, value: `${builder}.relation('${name}', { nullable: true })` }
  }
  const hasId = new RegExp(String.raw`\b${builder}\.exposeID\(`).test(textOfNode(text, object))
  const expose = hasId ? 'exposeID' : column.type === 'number' ? 'exposeInt' : 'exposeString'
  const nullable = column.isNullable ? ', { nullable: true }' : ''
  return { name: column.name, value: `${builder}.${expose}('${column.name}'${nullable})` }
}

/** The field of the date next to it, with the new name: its scalar is the project's own. */
function dateLike(object: ObjectExpression, model: CodeModel, name: string, text: string): string | null {
  for (const property of object.properties) {
    if (property.type !== 'ObjectProperty' || !isCall(property.value)) continue
    const [first] = property.value.arguments
    if (first?.type !== 'StringLiteral' || !model.dateFields.has(first.value)) continue
    const value = placeOf(property.value)
    const literal = placeOf(first)
    const quote = text.charAt(literal.start)
    return `${text.slice(value.start, literal.start)}${quote}${name}${quote}${text.slice(literal.end, value.end)}`
  }
  return null
}
