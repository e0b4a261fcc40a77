import type { Node } from '@babel/types'
import { appendMembers, layoutOf } from '../append-members'
import type { AddedMember, CodeModel, EvidenceName, Site } from '../model'
import { placeEvidence } from '../place-evidence'
import { objectLiteral, type ObjectLiteral } from '../object-literal'
import type { FileContext, FoundSites } from '../facts'
import { isShown, shownFields } from '../field-names'
import { isSilenced } from '../silenced-lines'
import { isCall, memberOf, placeOf, propertyName, textOfNode, typeNameOf, unwrap, type SourceTree } from '../syntax'
import { clientModel } from './client-types'
import { evidenceOfMembers, mirrorByName } from './mirrors'
import { inTheFormOf, showsAddresses } from './type-members'

/** Finds `const userSchema = z.object({ … })`, also of Yup and Valibot, that mirrors a model. */
export function findValidationSites(tree: SourceTree, context: FileContext): FoundSites {
  const sites: Site[] = []
  if (context.isGenerated) return { sites, notes: [] }
  for (const node of tree.nodes) {
    const found = validationObject(node, context)
    if (found === null) continue
    const holder = holderOf(tree, node)
    const typed = holder.satisfied === null ? null : clientModel(holder.satisfied, context)
    const mirror = holder.name === null ? null : mirrorByName(holder.name, context.models)
    const model = typed ?? mirror?.model
    if (model === undefined || holder.name === null) continue
    const object = objectLiteral(found.object)
    const names = [...object.members.keys()]
    const known = evidenceOfMembers(names, model)
    if (holder.isOpen && typed === null) continue
    if (known === null || object.lastMember === null || object.spreads.length > 0) continue
    const missing = inTheFormOf(object.members, model, model.members).filter(
      (member) =>
        !(typed === null ? isShown(member, names) : object.members.has(member.column.name)) &&
        !isSilenced(context.silenced, [object.line - 1, holder.line - 1], member.auditField),
    )
    if (missing.length === 0) continue
    const evidence: EvidenceName[] =
      typed === null
        ? [
            ...known,
            ...(mirror === null ? [] : [mirror.evidence]),
            ...placeEvidence(context.path, holder.name, model.model),
            'validates',
            ...(isForWrites(tree, holder.name) ? (['input-type'] as const) : []),
          ]
        : ['breaks-compile']
    const added = missing.map(({ name, column }) => (typed === null ? name : column.name))
    sites.push({
      ...insertion(tree.text, found, object, model, missing, typed !== null),
      title: `Add ${added.join(' and ')} to ${holder.name}`,
      place: { start: object.start, end: object.start + 1 },
      model: model.model,
      names: added,
      kind: typed === null ? 'validation' : 'breaks',
      evidence,
    })
  }
  return { sites, notes: [] }
}

/** `const data = userSchema.parse(body)` in a file that writes `data`: with a new field, that may no longer compile. */
function isForWrites(tree: SourceTree, name: string): boolean {
  const isParsed = tree.identifiersNamed(name).some((each) => {
    const member = memberOf(tree.parentOf(each) ?? each)
    return (
      member !== null && member.object === each && /^(?:safeParse|parse|validate)(?:Async|Sync)?$/.test(member.name)
    )
  })
  return isParsed && WRITES_DATA.test(tree.text)
}

const WRITES_DATA =
  /\.(?:create|update|upsert)(?:Many)?(?:AndReturn)?\(\s{0,99}\{[^;]{0,2000}?\b(?:data|create|update)\b/

type Library = 'zod' | 'yup' | 'valibot'

interface ValidationObject {
  readonly library: Library
  /** The library's name in this file. */
  readonly alias: string
  readonly object: Extract<Node, { type: 'ObjectExpression' }>
}

function validationObject(node: Node, { imports }: FileContext): ValidationObject | null {
  if (!isCall(node)) return null
  const callee = memberOf(node.callee)
  const first = node.arguments[0]
  if (callee === null || first?.type !== 'ObjectExpression') return null
  if (!/^(?:object|strictObject|looseObject|shape)$/.test(callee.name)) return null
  const base = unwrap(callee.object)
  const root = isCall(base) ? memberOf(base.callee)?.object : base
  if (root?.type !== 'Identifier') return null
  const from = imports.get(root.name)?.from ?? ''
  const library: Library | null =
    from.includes('yup') || root.name === 'yup'
      ? 'yup'
      : from.includes('valibot') || (from === '' && root.name === 'v')
        ? 'valibot'
        : from.includes('zod') || root.name === 'z'
          ? 'zod'
          : null
  return library === null ? null : { library, alias: root.name, object: first }
}

/** The constant of a validation object, and the client's type that it must satisfy. */
function holderOf(
  tree: SourceTree,
  node: Node,
): {
  readonly name: string | null
  readonly satisfied: Node | null
  readonly line: number
  /** It passes unknown members on. */
  readonly isOpen: boolean
} {
  let satisfied: Node | null = null
  let isOpen = memberOf(isCall(node) ? node.callee : node)?.name === 'looseObject'
  for (let next = tree.parentOf(node); next !== null; next = tree.parentOf(next)) {
    if (next.type === 'TSSatisfiesExpression') satisfied = validatedType(next.typeAnnotation) ?? satisfied
    else if (next.type === 'VariableDeclarator' && next.id.type === 'Identifier') {
      const annotation = next.id.typeAnnotation
      if (annotation?.type === 'TSTypeAnnotation') satisfied ??= validatedType(annotation.typeAnnotation)
      return { name: next.id.name, satisfied, line: placeOf(next).line, isOpen }
    } else if (isCall(next)) {
      // `.openapi(…)`, `.strict()`, `.describe(…)` after the object; inside another call it is a part of something
      // else.
      const callee = memberOf(next.callee)
      isOpen ||= callee?.name === 'passthrough' || callee?.name === 'loose'
      if (
        callee === null ||
        /^(?:array|union|object|extend|merge|discriminatedUnion|intersection|and|or)$/.test(callee.name)
      )
        break
    } else if (next.type === 'ObjectProperty' || next.type === 'ArrayExpression') break
  }
  return { name: null, satisfied: null, line: 0, isOpen }
}

/** `User` in `z.ZodType<User>`. */
function validatedType(type: Node): Node | null {
  if (
    type.type !== 'TSTypeReference' ||
    !/^(?:ZodType|ZodSchema|Schema|ObjectSchema|GenericSchema)$/.test(typeNameOf(type.typeName) ?? '')
  ) {
    return null
  }
  const [first] = type.typeParameters?.params ?? []
  return first?.type === 'TSTypeReference' ? first.typeName : null
}

function insertion(
  text: string,
  { library, alias, object: node }: ValidationObject,
  object: ObjectLiteral,
  model: CodeModel,
  missing: readonly AddedMember[],
  isExact: boolean,
): { start: number; end: number; newText: string } {
  const sibling = node.properties.find(
    (property) =>
      property.type === 'ObjectProperty' &&
      model.dateFields.has(propertyName(property) ?? '') &&
      !/null|optional|nullish/i.test(textOfNode(text, property.value)),
  )
  const siblingText = sibling?.type === 'ObjectProperty' ? textOfNode(text, sibling.value) : null
  const date =
    siblingText !== null && !siblingText.includes('\n')
      ? siblingText.replace(/\.(?:describe|openapi|default|meta)\(.*\)$/, '')
      : `${alias}.date()`
  const present = new Map(
    node.properties.flatMap((property): [string, string][] =>
      property.type === 'ObjectProperty' ? [[propertyName(property) ?? '', textOfNode(text, property.value)]] : [],
    ),
  )
  const members = missing.map((member) => {
    const name = isExact ? member.column.name : member.name
    return `${object.quote}${name}${object.quote}: ${expressionFor(member, { library, alias, date, isExact, showsAddresses: showsAddresses(model, present) })}`
  })
  const braces = { start: object.start, end: object.end, last: object.lastMember ?? object }
  layoutOf(text, braces)
  return appendMembers(text, braces, ',', members)
}

interface ExpressionContext {
  readonly library: Library
  readonly alias: string
  readonly date: string
  readonly isExact: boolean
  readonly showsAddresses: boolean
}

function expressionFor(member: AddedMember, context: ExpressionContext): string {
  const { library, alias, date, isExact } = context
  const { shape, column } = member
  const scalar = (type: string) => `${alias}.${type === 'number' || type === 'boolean' ? type : 'string'}()`
  if (isExact) {
    const expression = column.type === 'Date' ? date : scalar(column.type)
    return column.isNullable ? nullable(expression, library, alias) : expression
  }
  if (shape.kind === 'date') return optional(date, library, alias)
  if (shape.kind === 'value') return nullish(scalar(column.type), library, alias)
  const fields = shownFields(shape.fields, context.showsAddresses).map(({ name, type }) => {
    const base = scalar(type.replace(/ \| null$/, ''))
    return `${name}: ${type.endsWith('| null') ? nullable(base, library, alias) : base}`
  })
  return nullish(`${alias}.object({ ${fields.join(', ')} })`, library, alias)
}

function optional(expression: string, library: Library, alias: string): string {
  return library === 'valibot' ? `${alias}.optional(${expression})` : `${expression}.optional()`
}

function nullable(expression: string, library: Library, alias: string): string {
  return library === 'valibot' ? `${alias}.nullable(${expression})` : `${expression}.nullable()`
}

function nullish(expression: string, library: Library, alias: string): string {
  if (library === 'valibot') return `${alias}.nullish(${expression})`
  return library === 'yup' ? `${expression}.nullable().optional()` : `${expression}.nullish()`
}
