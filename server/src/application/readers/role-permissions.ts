import type { Node } from '@babel/types'
import { isCall, memberOf, propertyName, unwrap, type SourceTree } from '../syntax'
import { nameOf } from '../called-names'
import { isOneOfOthers } from '../role-words'

/** A call that asks for permissions, each in words: `users view` of `requirePermission('users:view')`. */
export interface AskedPermissions {
  readonly name: string
  /** It asks for all of them. */
  readonly permissions: readonly string[]
}

export function permissionsAsked(tree: SourceTree): AskedPermissions[] {
  return tree.nodes.flatMap((node) => {
    const name = isCall(node) ? nameOf(node) : ''
    if (!isCall(node) || !/permi|abilit|^can/i.test(name)) return []
    const given = node.arguments.flatMap(permissionsIn)
    // `hasPermission(user, 'users', 'view')`
    const plain = node.arguments.flatMap((each) => (each.type === 'StringLiteral' ? inWords(each.value) : []))
    const permissions = plain.length > 1 ? [plain.join(' ')] : given
    return permissions.length > 0 ? { name, permissions } : []
  })
}

/** What the code gives to each role of those who are no staff: `STUDENT: newRole({ … })`, `USER: ['users:view']`. */
export function permissionsOfOthers(tree: SourceTree): string[][] {
  return tree.nodes.flatMap((node) => {
    const named =
      node.type === 'ObjectExpression'
        ? node.properties.flatMap((each) =>
            each.type === 'ObjectProperty' ? [[roleOf(each), each.value] as const] : [],
          )
        : node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init
          ? [[node.id.name, node.init] as const]
          : []
    return named.flatMap(([role, value]) => {
      const permissions = isOneOfOthers(`'${role}'`) ? permissionsIn(value) : []
      return permissions.length > 0 ? [permissions] : []
    })
  })
}

/** `STUDENT` of `STUDENT: …`, `'student': …`, `[Role.STUDENT]: …` */
function roleOf(property: Extract<Node, { type: 'ObjectProperty' }>): string {
  return propertyName(property) ?? memberOf(property.key)?.name ?? ''
}

/** `users view` of `'users:view'`, `Permission.USERS_VIEW` and `{ users: ['view'] }` */
function permissionsIn(given: Node): string[] {
  const node = unwrap(given)
  if (node.type === 'StringLiteral') return [inWords(node.value)]
  if (isCall(node)) return node.arguments.flatMap(permissionsIn)
  if (node.type === 'ArrayExpression')
    return node.elements.flatMap((each) => (each === null ? [] : permissionsIn(each)))
  if (node.type === 'ObjectExpression') {
    return node.properties.flatMap((each) => {
      if (each.type !== 'ObjectProperty') return []
      return permissionsIn(each.value).map((action) => `${inWords(propertyName(each) ?? '')} ${action}`)
    })
  }
  const names = membersOf(node)
  return names.length > 0 ? [inWords(names.join(' '))] : []
}

/** `USERS` and `VIEW` of `PERMISSIONS.USERS.VIEW` */
function membersOf(node: Node): string[] {
  const member = memberOf(node)
  return member === null ? [] : [...membersOf(member.object), member.name]
}

function inWords(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, ' ')
}
