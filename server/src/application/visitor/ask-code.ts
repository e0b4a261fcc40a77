import type { Node } from '@babel/types'
import { nameOf } from '../called-names'
import { hasRoleWord, CAN } from '../role-words'
import { isFunction, memberOf, placeOf, textOfNode, unwrap, type FunctionNode, type SourceTree } from '../syntax'
import { bindPattern, orDefault } from './bind-pattern'
import { callOfMember } from './built-in'
import type { Code } from './code'
import { exportedBy, methodOf, type CodeFiles, type Exported } from './code-files'
import { equal, includes, type Visitor } from './compare'
import { declarationOf, type Declaration } from './declared'
import { namedValue } from './names'
import { binaryValue, enumValue, isEnvironment, logicalValue, recordValue, unaryValue } from './operations'
import { run, type Paths } from './run-code'
import { assign, boundIn, inner } from './scope'
import {
  can,
  completes,
  each,
  either,
  isAbout,
  known,
  least,
  most,
  NEVER,
  NO,
  UNDECIDED,
  UNDECIDED_CALL,
  UNKNOWN,
  YES,
  type Certainty,
  type Scope,
  type Value,
} from './values'

/** Code takes more steps than this, or calls itself: nothing is known of it. */
export class TooMuchCode extends Error {}

/**
 * Runs code of the workspace as an ordinary visitor would, who is logged in and no staff: what is known of them is
 * known, what says nothing of roles is as they need it, and anything else about roles is undecided.
 */
export class AskCode implements Code {
  private steps = 0
  private depth = 0
  /** How surely the visitor gets to the code that runs now. */
  certainty: Certainty = YES
  /** How surely `next` is called, or the handler. */
  letOn: Certainty = NO

  constructor(
    readonly files: CodeFiles,
    readonly visitor: Visitor,
  ) {}

  value(given: Node, scope: Scope): Value {
    if (++this.steps > MOST_STEPS) throw new TooMuchCode()
    const node = unwrap(given)
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the parser has some two hundred kinds of nodes
    switch (node.type) {
      case 'StringLiteral':
      case 'NumericLiteral':
      case 'BooleanLiteral':
        return known(node.value)
      case 'NullLiteral':
        return known(null)
      case 'Identifier':
        return this.named(node.name, scope, placeOf(node).start)
      case 'AwaitExpression':
        return this.value(node.argument, scope)
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.memberValue(node, scope)
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.called(node, scope)
      case 'NewExpression':
        return this.made(node, scope)
      case 'LogicalExpression':
        return logicalValue(this, node, scope)
      case 'ConditionalExpression': {
        const test = this.value(node.test, scope)
        const [met, failed] = [can(test, true), can(test, false)]
        return either([
          { value: this.valueFor(met, node.consequent, scope), certainty: met },
          { value: this.valueFor(failed, node.alternate, scope), certainty: failed },
        ])
      }
      case 'UnaryExpression':
        return unaryValue(this, node, scope)
      case 'BinaryExpression':
        return binaryValue(this, node, scope)
      case 'ArrayExpression':
        return { kind: 'list', items: this.items(node.elements, scope) }
      case 'ObjectExpression':
        return recordValue(this, node, scope)
      case 'AssignmentExpression': {
        const value = this.value(node.right, scope)
        if (node.left.type === 'Identifier') assign(scope, node.left.name, node.operator === '=' ? value : UNKNOWN)
        return value
      }
      case 'SequenceExpression':
        return node.expressions.map((one) => this.value(one, scope)).at(-1) ?? UNKNOWN
      case 'TemplateLiteral':
        return node.expressions.length === 0 ? known(node.quasis[0]?.value.cooked ?? '') : this.unresolved(node, scope)
      case 'ClassExpression':
      case 'ClassDeclaration':
        return { kind: 'class', node, scope }
      default:
        return isFunction(node) ? { kind: 'code', fn: node, scope } : this.unresolved(node, scope)
    }
  }

  items(nodes: readonly (Node | null)[], scope: Scope): readonly Value[] {
    return nodes.flatMap((node) => {
      if (node?.type !== 'SpreadElement') return node === null ? [] : this.value(node, scope)
      const spread = this.value(node.argument, scope)
      return spread.kind === 'list' ? spread.items : UNDECIDED
    })
  }

  private named(name: string, scope: Scope, before: number): Value {
    if (name === 'undefined') return known(undefined)
    const bound = boundIn(scope, name)
    if (bound !== null) return bound
    const declared = declarationOf(scope.tree, name, before)
    return declared === null ? namedValue(name, false) : this.declared(declared, scope, name)
  }

  private declared(declared: Declaration, scope: Scope, name: string): Value {
    return this.deeper(() => {
      const outside = outerScope(scope.path, scope.tree)
      switch (declared.kind) {
        case 'value':
          return this.value(declared.node, outside)
        case 'part': {
          const of = this.value(declared.of, outside)
          const { member, fallback } = declared
          const value = member === null ? namedValue(name, isAbout(of)) : this.member(of, member)
          return fallback === null ? value : orDefault(this, value, fallback, outside)
        }
        case 'enum':
          return enumValue(declared.node)
        case 'import':
          return this.imported(declared, scope.path, name)
        case 'open':
          return namedValue(name, false)
      }
    })
  }

  private imported({ from, name }: Extract<Declaration, { kind: 'import' }>, importer: string, local: string): Value {
    const path = this.files.find(from, importer)
    if (path === null) return name === '*' ? UNKNOWN : namedValue(local, false)
    if (name === '*') return { kind: 'module', path }
    const found = exportedBy(this.files, path, name)
    return found === null ? namedValue(local, false) : this.exported(found, local)
  }

  private exported({ path, tree, declared }: Exported, name: string): Value {
    return this.declared(declared, outerScope(path, tree), name)
  }

  private memberValue(
    node: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>,
    scope: Scope,
  ): Value {
    const member = memberOf(node)
    if (member !== null && isEnvironment(member.object))
      return member.name === 'NODE_ENV' ? known('production') : UNDECIDED
    if (node.object.type === 'ThisExpression' && member !== null) {
      const method = scope.owner === null ? null : methodOf(scope.owner, member.name)
      return method === null ? namedValue(member.name, false) : this.value(method, inner(scope))
    }
    const object = node.object.type === 'Super' ? UNKNOWN : this.value(node.object, scope)
    if (member !== null) {
      // `Role.ADMIN` of the generated client.
      if (object.kind === 'unknown' && /^[A-Z_\d]+$/.test(member.name)) return known(member.name)
      return this.member(object, member.name)
    }
    const key = node.property.type === 'PrivateName' ? UNKNOWN : this.value(node.property, scope)
    return each(object, (of) => {
      if (key.kind === 'known' && (of.kind === 'record' || of.kind === 'list'))
        return this.member(of, String(key.value))
      // `LEVELS[user.role]`
      if (key.kind === 'role' && of.kind === 'record') return this.ofRole(of.members)
      if (of.kind === 'given') return of
      return isAbout(key) || isAbout(of) || of.kind === 'record' ? UNDECIDED : UNKNOWN
    })
  }

  /** What a table has for the visitor's role. */
  private ofRole(members: ReadonlyMap<string, Value>): Value {
    for (const name of members.keys()) equal(this.visitor, { kind: 'role' }, known(name))
    const { role } = this.visitor
    const name = [...members.keys()].find((one) => one.toLowerCase() === role?.toLowerCase())
    return name === undefined ? UNDECIDED : (members.get(name) ?? UNDECIDED)
  }

  member(object: Value, name: string): Value {
    return each(object, (of) => {
      switch (of.kind) {
        case 'record':
          return of.members.get(name) ?? of.members.get('...') ?? known(undefined)
        case 'list':
          if (name === 'length' || name === 'size') return known(of.items.length)
          return /^\d+$/.test(name) ? (of.items[Number(name)] ?? known(undefined)) : UNKNOWN
        case 'module': {
          const found = exportedBy(this.files, of.path, name)
          return found === null ? namedValue(name, false) : this.exported(found, name)
        }
        case 'given':
        case 'never':
          return of
        case 'response':
        case 'known':
          return known(undefined)
        case 'role':
        case 'flag':
        case 'class':
          return UNDECIDED
        case 'code':
        case 'on':
        case 'procedure':
        case 'unknown':
        case 'either':
          return namedValue(name, isAbout(of))
      }
    })
  }

  /** The value for those who get there. */
  valueFor(certainty: Certainty, node: Node, scope: Scope): Value {
    return certainty === NO ? NEVER : this.reaching(certainty, () => this.value(node, scope))
  }

  /** What happens only to those who get there. */
  reaching<Result>(certainty: Certainty, work: () => Result): Result {
    const before = this.certainty
    this.certainty = least(before, certainty)
    try {
      return work()
    } finally {
      this.certainty = before
    }
  }

  private made(node: Extract<Node, { type: 'NewExpression' }>, scope: Scope): Value {
    const [first] = node.arguments
    const name = nameOf(node.callee)
    if (/^(?:Set|Map)$/.test(name)) return first === undefined ? { kind: 'list', items: [] } : this.value(first, scope)
    if (/Response$|Error$|Exception$/.test(name)) return { kind: 'response' }
    return this.unresolved(node, scope)
  }

  private called(node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>, scope: Scope): Value {
    const callee = unwrap(node.callee)
    const name = nameOf(callee)
    if (LEAVES.test(name)) return NEVER
    if (name === 'require' && node.arguments[0]?.type === 'StringLiteral') {
      const path = this.files.find(node.arguments[0].value, scope.path)
      return path === null ? UNKNOWN : { kind: 'module', path }
    }
    const member = memberOf(callee)
    if (member !== null && callee.type !== 'Identifier') {
      const isOwn = unwrap(member.object).type === 'ThisExpression'
      if (/Response$|^res$|^response$|^reply$/.test(nameOf(member.object)) && RESPONDS.test(member.name))
        return { kind: 'response' }
      const object = isOwn || member.object.type === 'Super' ? null : this.value(member.object, scope)
      const built = object === null ? null : callOfMember(this, object, member.name, node.arguments, scope)
      if (built !== null) return built
      if (object !== null && (object.kind === 'record' || object.kind === 'module'))
        return this.callOf(this.member(object, member.name), node, scope)
      if (isOwn) return this.callOf(this.value(callee, scope), node, scope)
      if (object !== null && isAbout(object)) return UNDECIDED_CALL
      return this.unresolvedCall(name, node, scope)
    }
    return callee.type === 'Import' ? UNKNOWN : this.callOf(this.value(callee, scope), node, scope)
  }

  private callOf(
    value: Value,
    node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>,
    scope: Scope,
  ): Value {
    return each(value, (of) => {
      if (of.kind === 'on') {
        const [first] = node.arguments
        if (first !== undefined && of.takesErrors && !this.isNothing(first, scope)) return UNKNOWN
        this.letOn = most(this.letOn, this.certainty)
        return UNKNOWN
      }
      if (of.kind === 'code') return this.call(of, this.items(node.arguments, scope))
      if (of.kind === 'never') return of
      return this.unresolvedCall(nameOf(node.callee), node, scope)
    })
  }

  private isNothing(node: Node, scope: Scope): boolean {
    const value = this.value(node, scope)
    return value.kind === 'known' && (value.value === undefined || value.value === null || value.value === 'route')
  }

  private unresolvedCall(
    name: string,
    node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>,
    scope: Scope,
  ): Value {
    const given = node.arguments.map((one) => (isFunction(one) ? null : one))
    // `cookies()`, `headers()`
    if (
      /^(?:cookies|headers|parseCookies|formData|json|getCookie|getHeader|getQuery|readBody|useSearchParams)$/.test(
        name,
      )
    )
      return { kind: 'given' }
    const values = this.items(given, scope)
    if (values.some((one) => one.kind === 'never')) return NEVER
    // `cache(async () => …)`, `asyncHandler(async (req, res) => …)`
    const [only, ...others] = node.arguments
    if (only !== undefined && isFunction(only) && (others.length === 0 || /cache|memo/i.test(name)))
      return this.value(only, scope)
    const text = [
      name,
      ...given.map((one) => (one === null ? '' : textOfNode(scope.tree.text, one).slice(0, LONGEST))),
    ].join(' ')
    return hasRoleWord(text) || CAN.test(textOfNode(scope.tree.text, node).slice(0, LONGEST)) || values.some(isAbout)
      ? UNDECIDED_CALL
      : UNKNOWN
  }

  /** What a function returns to the visitor. */
  call({ fn, scope }: Extract<Value, { kind: 'code' }>, given: readonly Value[]): Value {
    return this.deeper(() => {
      const paths = this.pathsOf({ fn, scope }, given)
      return either([...paths.returns, { value: known(undefined), certainty: paths.ends }])
    })
  }

  /** The ways through a function. */
  pathsOf({ fn, scope }: { readonly fn: FunctionNode; readonly scope: Scope }, given: readonly Value[]): Paths {
    const own: Scope = { ...inner(scope), owner: ownerOf(scope, fn) }
    fn.params.forEach((param, at) => this.bind(param, given[at] ?? known(undefined), own, given.slice(at)))
    if (fn.body.type === 'BlockStatement') return run(this, fn.body, own)
    const value = this.value(fn.body, own)
    return { ends: NO, returns: [{ value, certainty: least(this.certainty, completes(value)) }] }
  }

  bind(pattern: Node, value: Value, scope: Scope, rest: readonly Value[] = []): void {
    bindPattern(this, pattern, value, scope, rest)
  }

  /** Of an expression that cannot be followed. */
  private unresolved(node: Node, scope: Scope): Value {
    const text = textOfNode(scope.tree.text, node).slice(0, LONGEST)
    return hasRoleWord(text) || CAN.test(text) ? UNDECIDED : UNKNOWN
  }

  private deeper<Result>(work: () => Result): Result {
    if (++this.depth > DEEPEST) throw new TooMuchCode()
    try {
      return work()
    } finally {
      this.depth--
    }
  }

  equal(one: Value, other: Value): Value {
    return equal(this.visitor, one, other)
  }

  includes(items: readonly Value[], value: Value): Value {
    return each(value, (one) => includes(this.visitor, items, one))
  }
}

export function outerScope(path: string, tree: SourceTree): Scope {
  return { path, tree, names: new Map(), outer: null, owner: null }
}

function ownerOf(scope: Scope, fn: FunctionNode): Node | null {
  if (fn.type !== 'ClassMethod') return scope.owner
  const body = scope.tree.parentOf(fn)
  return body === null ? scope.owner : scope.tree.parentOf(body)
}

const MOST_STEPS = 4000
const DEEPEST = 24
const LONGEST = 300

/** Calls that never return. */
const LEAVES = /^(?:redirect|permanentRedirect|notFound|forbidden|unauthorized)$/

const RESPONDS = /^(?:json|redirect|status|send|sendStatus|error|end|code|next)$/
