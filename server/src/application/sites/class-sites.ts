import type { ClassBody, ClassProperty, Decorator, Node } from '@babel/types'
import { appendMembers, layoutOf } from '../append-members'
import type { AddedMember, CodeModel, EvidenceName, Note, Site } from '../model'
import { isEditor, isShown } from '../field-names'
import { placeEvidence } from '../place-evidence'
import type { FileContext, FoundSites } from '../facts'
import { isSilenced } from '../silenced-lines'
import { placeOf, propertyName, textOfNode, typeNameOf, type SourceTree } from '../syntax'
import { clientModel } from './client-types'
import { evidenceOfMembers, mirrorByName } from './mirrors'
import { isOfAnotherModule } from './type-sites'
import { asKeys, bracesAround, dateSibling, inTheFormOf, memberType, separatorOf } from './type-members'

/**
 * Finds classes that mirror a model: DTOs of NestJS, entities, GraphQL object types. A class that implements the
 * client's type no longer compiles without the new columns, so it gets them with the client's types.
 */
export function findClassSites(tree: SourceTree, context: FileContext): FoundSites {
  const sites: Site[] = []
  const notes: Note[] = []
  for (const node of tree.nodes) {
    if (node.type !== 'ClassDeclaration' || !node.id || isOfAnotherModule(tree, node)) continue
    const implementation = implementedModel(node, context)
    const implemented = implementation?.model ?? null
    const mirror = mirrorByName(node.id.name, context.models)
    const model = implemented ?? mirror?.model
    if (model === undefined || (context.isGenerated && implemented === null)) continue
    const properties = node.body.body.filter((member) => member.type === 'ClassProperty')
    const present = new Map(properties.flatMap((property) => propertyType(tree.text, property)))
    const known = evidenceOfMembers([...present.keys()], model)
    if (implemented === null && (known === null || isBehavior(node.body, properties))) continue
    const isGraphQL = properties.some(({ decorators }) => decorators?.some((each) => decoratorName(each) === 'Field'))
    const members = isGraphQL ? asKeys(model.members) : inTheFormOf(present, model, model.members)
    const missing = members.filter(
      (member) =>
        !(implementation === null
          ? isShown(member, present.keys())
          : implementation.has(member.column.name, present)) &&
        !isSilenced(context.silenced, [placeOf(node).line - 1], member.auditField),
    )
    if (missing.length === 0) continue
    if (node.superClass && implemented === null) {
      const names = missing.map(({ name }) => name).join(' and ')
      const text = `${node.id.name} extends another class; look there for ${names}`
      if (mirror?.evidence === 'mirror-by-name') notes.push({ line: placeOf(node).line, text })
      continue
    }
    const evidence: EvidenceName[] =
      implemented === null
        ? [
            ...(known ?? []),
            ...(mirror === null ? [] : [mirror.evidence]),
            ...placeEvidence(context.path, node.id.name, model.model),
            ...(isInput(properties) ? (['input-type'] as const) : []),
            ...(copiesMembers(textOfNode(tree.text, node.body)) ? (['made-by-hand'] as const) : []),
          ]
        : ['breaks-compile']
    const { name: className } = node.id
    const adding = (some: readonly AddedMember[]) => {
      const of = { body: node.body, properties, present, model, missing: some }
      const found = insertion(tree.text, of, implemented !== null)
      if (found === null) return null
      const { added, ...edit } = found
      const names = added.map(({ name, column }) => (implemented === null ? name : column.name))
      return { ...edit, title: `Add ${names.join(' and ')} to class ${className}`, names }
    }
    const whole = adding(missing)
    if (whole === null) {
      const names = missing.map(({ column }) => column.name).join(' and ')
      if (implemented !== null)
        notes.push({ line: placeOf(node).line, text: `${className} no longer compiles without ${names}` })
      continue
    }
    // A class is made of whole records, which have the users' keys, unless a select asks for the users.
    const byKey = implemented === null && ![...present.keys()].some(isEditor) ? adding(asKeys(missing)) : null
    sites.push({
      ...whole,
      ...(byKey === null ? {} : { byKey }),
      place: placeOf(node.id),
      model: model.model,
      kind: implemented === null ? 'class' : 'breaks',
      evidence,
      declares: [node.id.name],
    })
  }
  return { sites, notes }
}

interface Implementation {
  readonly model: CodeModel
  /** Whether it has a column, or need not have it. */
  readonly has: (column: string, present: ReadonlyMap<string, unknown>) => boolean
}

/** `implements User`, `implements Omit<User, 'password'>` */
function implementedModel(
  node: Extract<Node, { type: 'ClassDeclaration' }>,
  context: FileContext,
): Implementation | null {
  for (const each of node.implements ?? []) {
    if (each.type !== 'TSExpressionWithTypeArguments') continue
    const [of, left] = each.typeParameters?.params ?? []
    const isOmit = typeNameOf(each.expression) === 'Omit'
    const named = isOmit && of?.type === 'TSTypeReference' ? of.typeName : each.expression
    const model = clientModel(named, context)
    const leftOut = isOmit ? literalsOf(left) : []
    if (model !== null && leftOut !== null)
      return { model, has: (column, present) => present.has(column) || leftOut.includes(column) }
  }
  return null
}

/** The names in `'id' | 'password'`; null for anything else. */
function literalsOf(type: Node | undefined): string[] | null {
  const types = type?.type === 'TSUnionType' ? type.types : [type]
  const names = types.flatMap((each) =>
    each?.type === 'TSLiteralType' && each.literal.type === 'StringLiteral' ? each.literal.value : [],
  )
  return names.length === types.length ? names : null
}

/** A class with behavior (a service, a store) is no mirror, whatever its name is. */
function isBehavior(body: ClassBody, properties: readonly ClassProperty[]): boolean {
  const methods = body.body.filter(
    (member) => member.type === 'ClassMethod' && member.kind !== 'constructor' && !member.static,
  )
  return methods.length > properties.length
}

/**
 * `this.id = lead.id; this.name = lead.name` in its constructor, or the same in a static method: it has what that
 * lists.
 */
function copiesMembers(body: string): boolean {
  return [...body.matchAll(/\.(\w{1,60})\s?=\s?\w{1,60}[!?]?\.\1\b/g)].length >= MOST_SET
}

/** A constructor may set one or two members of a record that is otherwise assigned as a whole. */
const MOST_SET = 3

/** Its members have only decorators that validate input, none for output. */
function isInput(properties: readonly ClassProperty[]): boolean {
  const names = properties.flatMap(({ decorators }) => (decorators ?? []).map(decoratorName))
  return (
    names.some((name) => /^Is[A-Z]|^(?:Min|Max|Length|Matches)/.test(name)) && !names.some((name) => SHOWS.test(name))
  )
}

const SHOWS = /^(?:Field|Expose|ApiResponseProperty)$/

function decoratorName({ expression }: Decorator): string {
  const callee = expression.type === 'CallExpression' ? expression.callee : expression
  return callee.type === 'Identifier' ? callee.name : ''
}

function propertyType(text: string, property: ClassProperty): [string, string][] {
  const name = propertyName(property)
  const annotation =
    property.typeAnnotation?.type === 'TSTypeAnnotation' ? property.typeAnnotation.typeAnnotation : null
  return name === null || property.static ? [] : [[name, annotation === null ? '' : textOfNode(text, annotation)]]
}

interface ClassToEdit {
  readonly body: ClassBody
  readonly properties: readonly ClassProperty[]
  readonly present: ReadonlyMap<string, string>
  readonly model: CodeModel
  readonly missing: readonly AddedMember[]
}

function insertion(
  text: string,
  { body, properties, present, model, missing }: ClassToEdit,
  isImplementation: boolean,
): { start: number; end: number; newText: string; added: AddedMember[] } | null {
  const last = properties.at(-1)
  if (last === undefined) return null
  const braces = bracesAround(text, body, last)
  // A decorator on its own line is the start of the member.
  const layout = layoutOf(text, braces)
  const separator = separatorOf(text, properties, layout) === ';' ? ';' : ''
  const sibling = dateSibling(present, model)
  const siblingProperty = properties.find((property) => propertyName(property) === sibling?.[0]) ?? last
  const isDefinite = siblingProperty.definite === true
  const isReadonly = properties.every((property) => property.readonly === true)
  const between = layout.indent === null ? ' ' : `${layout.eol}${layout.indent}`
  const written = missing.flatMap((member) => {
    const name = isImplementation ? member.column.name : member.name
    const mark = isImplementation ? (isDefinite ? '!' : '') : '?'
    const head = `${isReadonly ? 'readonly ' : ''}${name}${mark}: `
    // Beside no date, the compiler alone asks for the member.
    const isAlone = isImplementation && sibling === undefined
    const decorators = isAlone
      ? []
      : (decoratorsFor(member, siblingProperty, { text, isImplementation }) ?? (isImplementation ? [] : null))
    if (decorators === null) return []
    const type = isImplementation
      ? `${member.column.type}${member.column.isNullable ? ' | null' : ''}`
      : memberType(member, head.length, { model, present, layout, separator: ';', date: 'string' })
    return [{ member, text: [...decorators, `${head}${type}`].join(between) }]
  })
  if (written.length === 0) return null
  const members = written.map((each) => each.text)
  const edit = appendMembers(text, braces, separator, members)
  const isSpaced = layout.indent !== null && hasBlankLines(text, properties)
  return {
    ...edit,
    newText: isSpaced ? withBlankLines(edit.newText, members, layout) : edit.newText,
    added: written.map(({ member }) => member),
  }
}

function withBlankLines(
  newText: string,
  members: readonly string[],
  layout: { eol: string; indent: string | null },
): string {
  return members.reduce((text, member) => {
    const head = `${layout.eol}${layout.indent ?? ''}${member}`
    return text.replace(head, () => `${layout.eol}${head}`)
  }, newText)
}

function hasBlankLines(text: string, properties: readonly ClassProperty[]): boolean {
  const [a, b] = properties.slice(-2)
  if (a === undefined || b === undefined) return false
  return /\n[ \t]*\r?\n/.test(text.slice(placeOf(a).end, placeOf(b).start))
}

/**
 * The decorators of the date next to it that also fit the new member; null if one would have to be invented. Those that
 * validate input are left out: the member is optional.
 */
function decoratorsFor(
  member: AddedMember,
  sibling: ClassProperty,
  { text, isImplementation }: { readonly text: string; readonly isImplementation: boolean },
): string[] | null {
  const found: string[] = []
  for (const decorator of sibling.decorators ?? []) {
    const name = decoratorName(decorator)
    const written = textOfNode(text, decorator)
    // `@Expose({ groups: ['admin'] })` is for some alone.
    if (name === 'Expose') found.push(/\bgroups\b(?![^]*\bname\b)/.test(written) ? written : '@Expose()')
    else if (name === 'Exclude' && isImplementation) found.push(written)
    else if (name === 'ApiProperty' || name === 'ApiPropertyOptional') {
      if (member.shape.kind === 'date') found.push('@ApiProperty({ required: false })')
      else if (member.shape.kind === 'value') {
        const type = member.column.type === 'number' ? 'Number' : 'String'
        found.push(`@ApiProperty({ type: ${type}, required: false, nullable: true })`)
      } else found.push('@ApiProperty({ required: false, nullable: true })')
    } else if (name === 'Field') {
      const value = member.column.type === 'number' ? '() => Number' : '() => String'
      const type = member.shape.kind === 'date' ? returnedType(decorator, text) : value
      found.push(type === null ? '@Field({ nullable: true })' : `@Field(${type}, { nullable: true })`)
    } else if (!/^(?:Is|Type$|Transform$|Column$|CreateDateColumn$)/.test(name)) return null
  }
  return found
}

function returnedType({ expression }: Decorator, text: string): string | null {
  const first = expression.type === 'CallExpression' ? expression.arguments[0] : undefined
  return first?.type === 'ArrowFunctionExpression' ? textOfNode(text, first) : null
}
