import type { Node } from '@babel/types'
import { stemOf } from '../module-paths'
import { memberOf, unwrap, type SourceTree } from '../syntax'
import type { NameLead } from './leads'

/** Where a file uses a function or a method by its name. `isHome`: the file declares it. */
export function usesOf(tree: SourceTree, { name, holder }: NameLead, isHome: boolean): Node[] {
  const own = tree.identifiersNamed(name)
  const renamed = own.flatMap((node) => {
    const parent = tree.parentOf(node)
    const local = parent?.type === 'ImportSpecifier' && parent.imported === node ? parent.local.name : name
    return local === name ? [] : tree.identifiersNamed(local)
  })
  return [...own, ...renamed].filter((node) => isUse(tree, node, holder, isHome))
}

function isUse(tree: SourceTree, node: Node, holder: string | null, isHome: boolean): boolean {
  const parent = tree.parentOf(node)
  if (parent === null || parent.type.startsWith('TS') || parent.type.endsWith('Specifier')) return false
  if (parent.type === 'MemberExpression' || parent.type === 'OptionalMemberExpression') {
    if (parent.property !== node || parent.computed) return parent.object !== node || holder === null
    return isMember(tree, parent.object, holder, isHome)
  }
  if (parent.type === 'ObjectProperty') {
    // `const { getUsers } = useUsers()`, and `{ fetch: getUsers }`, but not `{ getUsers: … }`.
    return tree.parentOf(parent)?.type === 'ObjectPattern' ? parent.key === node : parent.value === node
  }
  if (parent.type === 'VariableDeclarator' || parent.type === 'AssignmentExpression') {
    return parent.type === 'VariableDeclarator' ? parent.init === node : parent.right === node
  }
  if (/^(?:Function|Class)Declaration$/.test(parent.type) && 'id' in parent && parent.id === node) return false
  return !/^(?:ClassMethod|ObjectMethod|ClassProperty)$/.test(parent.type)
}

/**
 * Whether `x` of `x.getUsers()` is the class or the object that has the method: `usersService`, `this.users` of type
 * `UsersService`, `trpc.admin` of an `adminRouter`.
 */
function isMember(tree: SourceTree, object: Node, holder: string | null, isHome: boolean): boolean {
  const inner = unwrap(object)
  if (inner.type === 'ThisExpression') return isHome
  const name = memberOf(inner)?.name ?? (inner.type === 'Identifier' ? inner.name : '')
  if (holder === null || name === '') return true
  if (areAlike(name, holder)) return true
  const declared = new RegExp(
    String.raw`\b${escaped(name)}[!?]?\s{0,9}[:=]\s{0,9}(?:new\s|await\s)?(?:\w{1,60}\()?${escaped(holder)}\b`,
  )
  return declared.test(tree.text)
}

export function lastOf(path: string): string {
  return stemOf(path).split('/').at(-1) ?? ''
}

/** For a regular expression. */
export function escaped(text: string): string {
  return text.replace(/[^\w]/g, String.raw`\$&`)
}

/** `adminUsersService` and `AdminUsersService`, `admin` and `adminRouter`. */
function areAlike(name: string, holder: string): boolean {
  if (Math.max(name.length, holder.length) > LONGEST_NAME) return name === holder
  const [one, other] = [name, holder].map((each) => each.toLowerCase().replace(/^_+|_/g, ''))
  const stem = (other ?? '').replace(KIND, '')
  return one === other || one?.replace(KIND, '') === stem
}

/** Longer ones are not written by people. */
const LONGEST_NAME = 100

const KIND =
  /(?:trpc)?(?:router|procedures|service|controller|api|store|slice|client|repository|repo|handlers?|actions?|impl|endpoints?)+$/
