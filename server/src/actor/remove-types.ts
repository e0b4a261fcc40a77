import { parse } from '@babel/parser'
import type { Node } from '@babel/types'

/**
 * The same program as JavaScript: its types are cut out, all else stays as it is written, comments too. For our own module,
 * which uses no TypeScript that runs (enums, namespaces, parameter properties).
 */
export function removeTypes(text: string): string {
  const { program } = parse(text, { sourceType: 'module', plugins: ['typescript'] })
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
  const cut = (from: number, to: number): void => void cuts.push({ start: from, end: to })
  const start = node.start ?? 0
  const end = node.end ?? 0
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      cut(startWithComment(node, text), end)
      return
    case 'ExportNamedDeclaration':
      if (node.exportKind === 'type') {
        cut(startWithComment(node, text), end)
        return
      }
      break
    case 'TSTypeAnnotation':
    case 'TSTypeParameterDeclaration':
    case 'TSTypeParameterInstantiation':
      cut(start, end)
      return
    case 'TSAsExpression':
      cut(node.expression.end ?? 0, end)
      collect(node.expression, cuts, text)
      return
    case 'Identifier':
      // `parent?: string`
      if (node.optional === true) cut(start + node.name.length, start + node.name.length + 1)
      break
    case 'FunctionDeclaration':
    case 'ObjectMethod': {
      const [first, second] = node.params
      if (first?.type === 'Identifier' && first.name === 'this') {
        cut(first.start ?? 0, second?.start ?? first.end ?? 0)
        for (const child of childrenOf(node)) if (child !== first) collect(child, cuts, text)
        return
      }
      break
    }
  }
  for (const child of childrenOf(node)) collect(child, cuts, text)
}

/** A type's comment goes with it. */
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
