import type { Node } from '@babel/types'
import { isFunction, placeOf, type SourceTree } from '../syntax'

type Identifier = Extract<Node, { type: 'Identifier' }>

/** Which declaration each name of a file means: components reuse `data` and `result` in every handler. */
export class Bindings {
  private readonly scopesOf = new Map<string, readonly Scope[]>()
  private readonly usesOfName = new Map<string, Map<string, Identifier[]>>()

  constructor(private readonly tree: SourceTree) {}

  /** The same for all uses of one declaration. */
  of(node: Identifier): string {
    const { start } = placeOf(node)
    let inner: Scope | null = null
    for (const scope of this.scopes(node.name)) {
      const holds = scope.start <= start && start < scope.end
      if (holds && (inner === null || scope.start >= inner.start)) inner = scope
    }
    return `${node.name} ${inner === null ? '' : String(inner.start)}`
  }

  /** What means the same declaration as a name, itself among them. */
  usesOf(node: Identifier): readonly Identifier[] {
    let uses = this.usesOfName.get(node.name)
    if (uses === undefined) {
      uses = new Map<string, Identifier[]>()
      for (const each of this.tree.identifiersNamed(node.name)) {
        const binding = this.of(each)
        const same = uses.get(binding)
        if (same === undefined) uses.set(binding, [each])
        else same.push(each)
      }
      this.usesOfName.set(node.name, uses)
    }
    return uses.get(this.of(node)) ?? []
  }

  /** Where a name is declared. */
  declarations(name: string): readonly Identifier[] {
    return this.scopes(name).map(({ node }) => node)
  }

  private scopes(name: string): readonly Scope[] {
    let known = this.scopesOf.get(name)
    if (known === undefined) {
      known = this.tree
        .identifiersNamed(name)
        .slice(0, MOST_USES)
        .flatMap((node) => this.scopeOf(node) ?? [])
      this.scopesOf.set(name, known)
    }
    return known
  }

  /** Null for a name that is not declared there. */
  private scopeOf(node: Identifier): Scope | null {
    let child: Node = node
    let parent = this.tree.parentOf(child)
    while (parent !== null && isPatternOf(parent, child)) {
      child = parent
      parent = this.tree.parentOf(child)
    }
    if (parent === null) return null
    const isParameter = isFunction(parent) && parent.params.some((each) => each === child)
    const isVariable = parent.type === 'VariableDeclarator' && parent.id === child
    const isNamed = (parent.type === 'FunctionDeclaration' || parent.type === 'ClassDeclaration') && parent.id === child
    if (isParameter) return { node, ...placeOf(parent) }
    if (!isVariable && !isNamed) return null
    for (let next = this.tree.parentOf(parent); next !== null; next = this.tree.parentOf(next)) {
      if (next.type === 'BlockStatement' || next.type === 'Program' || next.type.startsWith('For'))
        return { node, ...placeOf(next) }
    }
    return null
  }
}

/** Nobody uses one name more often in a file; each use is compared with each declaration. */
const MOST_USES = 300

interface Scope {
  readonly node: Identifier
  readonly start: number
  readonly end: number
}

function isPatternOf(parent: Node, child: Node): boolean {
  if (parent.type === 'ObjectProperty') return parent.value === child
  if (parent.type === 'AssignmentPattern') return parent.left === child
  return parent.type === 'ObjectPattern' || parent.type === 'ArrayPattern' || parent.type === 'RestElement'
}

/** `name` of `x.name` and of `{ name: … }` is no variable. */
export function isKey(tree: SourceTree, node: Identifier): boolean {
  const parent = tree.parentOf(node)
  if (parent?.type === 'ObjectProperty') return parent.key === node && !parent.computed
  if (parent?.type !== 'MemberExpression' && parent?.type !== 'OptionalMemberExpression') return false
  return parent.property === node && !parent.computed
}
