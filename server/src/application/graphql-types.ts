import { Kind, parse, type ObjectTypeDefinitionNode, type TypeNode } from 'graphql'
import type { Braces } from './append-members'
import { isGraphQL } from './source-names'
import { placeOf, type SourceTree } from './syntax'

/** `type User { … }` in GraphQL's schema language, by offsets in its file. */
export interface GraphQLType extends Braces {
  readonly name: string
  readonly nameStart: number
  readonly nameEnd: number
  readonly fields: readonly GraphQLField[]
}

export interface GraphQLField {
  readonly name: string
  readonly start: number
  readonly end: number
  /** As written, without the `!` at its end. */
  readonly type: string
}

/**
 * The object types of a GraphQL file, or of the template literals in code (`tree`). Text that does not parse has none.
 */
export function graphqlTypes(path: string, text: string, tree: SourceTree | null): readonly GraphQLType[] {
  if (tree === null) return isGraphQL(path) ? typesOf(text, 0, []) : []
  return tree.nodes.flatMap((node) => {
    if (node.type !== 'TemplateLiteral') return []
    const { start, end } = placeOf(node)
    const raw = text.slice(start + 1, end - 1)
    if (!/\btype\s+\w/.test(raw)) return []
    const holes = node.expressions.map((expression) => placeOf(expression))
    return typesOf(withoutHoles(raw, start + 1, holes), start + 1, holes)
  })
}

interface Hole {
  readonly start: number
  readonly end: number
}

/**
 * With each `${…}` replaced by spaces: it usually inserts definitions from elsewhere. In pieces, because a text of a
 * megabyte may be nothing but holes.
 */
function withoutHoles(raw: string, offset: number, holes: readonly Hole[]): string {
  const pieces: string[] = []
  let done = 0
  for (const hole of holes) {
    const start = raw.lastIndexOf('${', hole.start - offset)
    const end = raw.indexOf('}', hole.end - offset) + 1
    pieces.push(raw.slice(done, start), raw.slice(start, end).replace(/[^\r\n]/g, ' '))
    done = end
  }
  return pieces.join('') + raw.slice(done)
}

function typesOf(text: string, offset: number, holes: readonly Hole[]): GraphQLType[] {
  let definitions
  try {
    definitions = parse(text).definitions
  } catch {
    return []
  }
  // Both are in the order of the text.
  let next = 0
  return definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return []
    const found = typeOf(definition, text, offset)
    if (found === null) return []
    while ((holes[next]?.start ?? Infinity) <= found.start) next++
    // What a template inserts between the braces is unknown.
    return (holes[next]?.start ?? Infinity) < found.end ? [] : [found]
  })
}

function typeOf(node: ObjectTypeDefinitionNode, text: string, offset: number): GraphQLType | null {
  const fields = (node.fields ?? []).flatMap((field): GraphQLField[] => {
    if (field.loc === undefined) return []
    const start = field.loc.start + offset
    return [{ name: field.name.value, start, end: field.loc.end + offset, type: typeText(field.type, text) }]
  })
  const last = fields.at(-1)
  const head = node.directives?.at(-1) ?? node.interfaces?.at(-1) ?? node.name
  if (last === undefined || node.loc === undefined || node.name.loc === undefined || head.loc === undefined) return null
  return {
    name: node.name.value,
    nameStart: node.name.loc.start + offset,
    nameEnd: node.name.loc.end + offset,
    start: text.indexOf('{', head.loc.end) + offset,
    end: node.loc.end + offset,
    last,
    fields,
  }
}

function typeText(type: TypeNode, text: string): string {
  const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type
  return text.slice(named.loc?.start, named.loc?.end)
}
