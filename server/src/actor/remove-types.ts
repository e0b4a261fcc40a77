import { parse } from '@babel/parser'
import type { Node } from '@babel/types'

/**
 * Converts the program to JavaScript: removes its types and keeps everything else as written, including comments. For
 * our own module, which uses no TypeScript with runtime effect (enums, namespaces, parameter properties).
 */
export function removeTypes(text: string): string {
  const { program } = parse(text, {
    sourceType: 'module',
    plugins: ['typescript'],
    // So that an expression ends at its closing parenthesis.
    createParenthesizedExpressions: true,
  })
  const cuts: Cut[] = []
  collect(program, cuts, text)
  let script = text
  for (const { start, end } of cuts.sort((a, b) => b.start - a.start))
    script = script.slice(0, start) + script.slice(end)
  return script.replace(/\n{3,}/g, '\n\n')
}

interface Cut {
  readonly start: number
  readonly end: number
}

function collect(node: Node, cuts: Cut[], text: string): void {
  const start = node.start ?? 0
  const end = node.end ?? 0
  if (DECLARATIONS.has(node.type) || (node.type === 'ExportNamedDeclaration' && node.exportKind === 'type')) {
    cuts.push({ start: startWithComment(node, text), end })
    return
  }
  if (ANNOTATIONS.has(node.type)) {
    cuts.push({ start, end })
    return
  }
  if (node.type === 'TSAsExpression') cuts.push({ start: node.expression.end ?? 0, end })
  if (node.type === 'TSNonNullExpression') cuts.push({ start: node.expression.end ?? 0, end })
  if (node.type === 'ImportSpecifier' && node.importKind === 'type') {
    // With the preceding comma: it is never the first.
    cuts.push({ start: start - (/,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0), end })
  }
  // The question mark in `parent?: string`.
  if (node.type === 'Identifier' && node.optional === true) {
    cuts.push({ start: start + node.name.length, end: start + node.name.length + 1 })
  }
  const self = selfParameter(node)
  if (self !== null) cuts.push(self)
  for (const child of childrenOf(node)) {
    const isCut = cuts.some((cut) => cut.start <= (child.start ?? 0) && (child.end ?? 0) <= cut.end)
    if (!isCut) collect(child, cuts, text)
  }
}

const DECLARATIONS: ReadonlySet<string> = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration'])
const ANNOTATIONS: ReadonlySet<string> = new Set([
  'TSTypeAnnotation',
  'TSTypeParameterDeclaration',
  'TSTypeParameterInstantiation',
])

/** `this: Client`, which is only a type. */
function selfParameter(node: Node): Cut | null {
  if (node.type !== 'FunctionDeclaration' && node.type !== 'ObjectMethod') return null
  const [first, second] = node.params
  if (first?.type !== 'Identifier' || first.name !== 'this') return null
  return { start: first.start ?? 0, end: second?.start ?? first.end ?? 0 }
}

/** The comment of a type is removed with it. */
function startWithComment(node: Node, text: string): number {
  const comment = node.leadingComments?.at(-1)
  const start = node.start ?? 0
  if (comment === undefined) return start
  const end = comment.end ?? 0
  const isItsOwn = comment.type === 'CommentBlock' && text.slice(end, start).trim() === ''
  return isItsOwn ? (comment.start ?? start) : start
}

function childrenOf(node: Node): Node[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    if (key === 'leadingComments' || key === 'trailingComments' || key === 'innerComments') return []
    return (Array.isArray(value) ? value : [value]).filter(isNode)
  })
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value
  )
}
