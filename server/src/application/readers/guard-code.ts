import type { Node } from '@babel/types'
import { insideOf, isCall, isFunction, placeOf, propertyName, textOfNode, unwrap, type SourceTree } from '../syntax'
import { awaited, nameOf } from '../called-names'
import { declarationOf, isMere, LONGEST, askedTree, valueOf } from './role-tests'
import { CAN, CHECK, hasRoleWord, OF_REQUEST } from '../role-words'

/**
 * Whether the code that a file declares under a name asks for no role, whatever the name says: `adminLimiter =
 * rateLimit({ … })`, or a `requireAdmin` that asks for a login. `doubted` are other names of the file like that.
 */
export function asksNothing(tree: SourceTree, name: string, doubted: ReadonlySet<string>): boolean {
  const declared = declarationsOf(tree, name)
  return declared.length > 0 && !declared.some((each) => asks(tree, each, new Set([...doubted, name])))
}

function declarationsOf(tree: SourceTree, name: string): Node[] {
  return tree.identifiersNamed(name).flatMap((each) => {
    const holder = tree.parentOf(each)
    if (holder?.type === 'VariableDeclarator') return holder.id === each && holder.init ? holder.init : []
    if (holder?.type === 'FunctionDeclaration' || holder?.type === 'ClassDeclaration')
      return holder.id === each ? holder : []
    return []
  })
}

function asks(tree: SourceTree, declared: Node, unbelieved: ReadonlySet<string>): boolean {
  const { unverified } = askedTree(tree, unbelieved)
  const says = (node: Node) => saysRole(tree, node, unbelieved) && !unverified.has(node)
  const value = unwrap(declared)
  const inside = insideOf(value)
  // `adminProcedure = protectedProcedure`
  if (value.type === 'Identifier') return says(value)
  // A list of addresses or roles is no code, and what is compared with it is asked elsewhere.
  if (!inside.some((each) => isFunction(each) || isCall(each) || each.type === 'ClassDeclaration')) return true
  if (isCall(value)) {
    // `requireAdmin = requireRole('ADMIN')`
    if (/\bprocess\.env\b/.test(textOfNode(tree.text, value)) || (!SERVES.test(nameOf(value)) && says(value)))
      return true
  }
  // `adminOnly = [authenticate, authorize('ADMIN')]`
  else if (value.type === 'ArrayExpression' && says(value)) return true
  return inside.some((node) => decidedBy(tree, node).some(says))
}

/** What decides about who gets on at a node. */
function decidedBy(tree: SourceTree, node: Node): Node[] {
  if (node.type === 'IfStatement') {
    const { test, consequent, alternate } = node
    const leaves = [consequent, alternate].some((each) => each && LEAVES.test(textOfNode(tree.text, each)))
    return leaves && !isExistence(tree, test) ? [test] : []
  }
  if (node.type === 'SwitchStatement') return [node.discriminant]
  // `isAdmin(user) || redirect('/login')`
  if (node.type === 'ExpressionStatement' && node.expression.type === 'LogicalExpression') return [node.expression.left]
  if (node.type === 'ReturnStatement') return node.argument ? answered(node.argument) : []
  if (node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement') return answered(node.body)
  if (node.type === 'ClassDeclaration') return node.superClass ? [node.superClass] : []
  return isCall(node) && CHECK.test(nameOf(node)) ? [node] : []
}

/** `if (!user.role)` */
function isExistence(tree: SourceTree, given: Node): boolean {
  const test = unwrap(given)
  return test.type === 'UnaryExpression' && test.operator === '!' && isMere(askedTree(tree, NONE), test.argument)
}

/** The parts of an answer that may be yes or no, or nothing. */
function answered(given: Node): Node[] {
  const node = awaited(given)
  if (node.type === 'ConditionalExpression')
    return [node.test, ...answered(node.consequent), ...answered(node.alternate)]
  // `return { isAllowed: role === 'ADMIN' }`
  if (node.type === 'ObjectExpression') {
    return node.properties.flatMap((each) =>
      each.type === 'ObjectProperty' && VERDICT.test(propertyName(each) ?? '') ? answered(each.value) : [],
    )
  }
  if (isCall(node)) return /^(?:includes|some|every|find|count|get|test)/.test(nameOf(node)) ? [node] : []
  return ANSWERS.has(node.type) ? [node] : []
}

function saysRole(tree: SourceTree, node: Node, unbelieved: ReadonlySet<string>): boolean {
  const { start } = placeOf(node)
  let text = textOfNode(tree.text, node)
  if (isCall(node))
    for (const each of node.arguments) if (isFunction(each)) text = text.replace(textOfNode(tree.text, each), '')
  for (let round = 0; round < 2; round++) {
    text = text.slice(0, LONGEST).replace(/(?<![.\w])[A-Za-z_]\w*/g, (name) => {
      const value = valueOf(tree, name, start)
      if (value === null) return name
      // `const { role } = req.user`, `ADMINS = ['someone@example.com']`
      const isMeant = declarationOf(tree, name, start)?.isPart === true || value.startsWith('[')
      return isMeant ? `${name} ${value}` : value
    })
  }
  const code = text
    .replace(NO_CODE, '')
    .replace(OF_REQUEST, '')
    .replaceAll(/\b[A-Za-z_]\w*/g, (name) => (unbelieved.has(name) || SERVES.test(name) ? '' : name))
  return hasRoleWord(code) || CAN.test(code)
}

/** Comments and messages. */
const NO_CODE = /\/\*[^]*?\*\/|\/\/[^\n]*|'[^'\n]*\s[^'\n]*'|"[^"\n]*\s[^"\n]*"|`[^`]*\s[^`]*`/g

/** What serves everyone, whoever it is for. */
const SERVES = /limit|throttl|cors$|cache|logg|^log|^console$|metric|analytics|^canActivate$/i

/** How code lets somebody on, or turns somebody away. */
const LEAVES = /\b(?:return|throw|next|redirect|notFound|forbidden|unauthorized|sendStatus|status|fail|abort|error)\b/

const VERDICT = /^(?:is|has|can|may)[A-Z]|authori[sz]ed|allowed|valid|^(?:ok|success|admin)$/i

const ANSWERS: ReadonlySet<string> = new Set<Node['type']>([
  'BinaryExpression',
  'LogicalExpression',
  'UnaryExpression',
  'Identifier',
  'MemberExpression',
  'OptionalMemberExpression',
])

const NONE: ReadonlySet<string> = new Set()
