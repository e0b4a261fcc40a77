import type { Node } from '@babel/types'
import type { FindModule } from '../module-paths'
import { nameOf } from '../called-names'
import { placeOf, propertyName, type SourceTree } from '../syntax'
import { declarationOf, type Declaration } from './declared'

/** The workspace's files, as code asks for them. */
export interface CodeFiles {
  readonly find: FindModule
  /** Null for a file that cannot be read. */
  readonly treeOf: (path: string) => SourceTree | null
  /** The files that declare a name. */
  readonly homesOf: (name: string) => readonly string[]
}

export interface Exported {
  readonly path: string
  readonly tree: SourceTree
  readonly declared: Declaration
}

/** What a file exports under a name, also where it only passes it on; null if that is not known. */
export function exportedBy(files: CodeFiles, path: string, name: string): Exported | null {
  const tree = files.treeOf(path)
  if (tree === null) return null
  const declared = exportedIn(tree, name)
  if (declared !== null) return { path, tree, declared }
  if (name === 'default') return null
  // An index exports what other files declare. Two of one name may be either.
  const [home, ...others] = files.homesOf(name)
  const found = home === undefined || others.length > 0 || home === path ? null : files.treeOf(home)
  if (home === undefined || found === null) return null
  const there = exportedIn(found, name)
  return there === null ? null : { path: home, tree: found, declared: there }
}

function exportedIn(tree: SourceTree, name: string): Declaration | null {
  if (name === 'default') {
    const node = tree.nodes.find((each) => each.type === 'ExportDefaultDeclaration')
    return node?.type === 'ExportDefaultDeclaration' ? { kind: 'value', node: node.declaration } : moduleExports(tree)
  }
  const declared = declarationOf(tree, name, Infinity)
  if (declared !== null && declared.kind !== 'open' && declared.kind !== 'import') return declared
  for (const node of tree.identifiersNamed(name)) {
    const parent = tree.parentOf(node)
    const assignment = parent === null ? null : tree.parentOf(parent)
    // `exports.requireAdmin = …`
    if (
      parent?.type === 'MemberExpression' &&
      parent.property === node &&
      assignment?.type === 'AssignmentExpression' &&
      assignment.left === parent &&
      nameOf(parent.object) === 'exports'
    )
      return { kind: 'value', node: assignment.right }
    // `module.exports = { requireAdmin: … }`, `export default { requireAdmin() { … } }`
    if (parent === null || !isOfExports(tree, tree.parentOf(parent))) continue
    if (parent.type === 'ObjectMethod' && parent.key === node) return { kind: 'value', node: parent }
    if (parent.type === 'ObjectProperty' && parent.key === node && !parent.shorthand)
      return { kind: 'value', node: parent.value }
  }
  // `export { isAdmin as requireAdmin }`
  const renamed = tree.nodes.flatMap((each) => (each.type === 'ExportNamedDeclaration' ? each.specifiers : []))
  for (const each of renamed) {
    if (each.type !== 'ExportSpecifier' || each.exported.type !== 'Identifier' || each.exported.name !== name) continue
    if (each.local.name !== name) return declarationOf(tree, each.local.name, placeOf(each).start)
  }
  return null
}

function moduleExports(tree: SourceTree): Declaration | null {
  for (const node of tree.identifiersNamed('exports')) {
    const parent = tree.parentOf(node)
    const assignment = parent === null ? null : tree.parentOf(parent)
    if (assignment?.type === 'AssignmentExpression' && assignment.left === parent)
      return { kind: 'value', node: assignment.right }
  }
  return null
}

function isOfExports(tree: SourceTree, object: Node | null): boolean {
  const holder = object === null ? null : tree.parentOf(object)
  if (holder?.type === 'AssignmentExpression') return nameOf(holder.left) === 'exports'
  return holder?.type === 'ExportDefaultDeclaration'
}

/** The method of a class. */
export function methodOf(node: Node, name: string): Node | null {
  if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return null
  for (const each of node.body.body) {
    if (each.type === 'ClassMethod' && propertyName(each) === name) return each
    if (each.type === 'ClassProperty' && propertyName(each) === name) return each.value ?? null
  }
  return null
}
