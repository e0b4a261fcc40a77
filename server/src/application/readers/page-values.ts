import type { Node } from '@babel/types'
import type { CodeModel } from '../model'
import { parameterOf } from '../references'
import {
  isCall,
  isFunction,
  isWrapper,
  memberOf,
  placeOf,
  propertyName,
  type CallNode,
  type SourceTree,
} from '../syntax'
import { Bindings, isKey } from './bindings'
import { LOADER } from './leads'
import { isFirstValue, isReplaced, namesIn, otherOf } from './replaced-values'
import { isCopy, isPassedOn, isReshaped, makesOther } from './reshaped'

type Identifier = Extract<Node, { type: 'Identifier' }>

/** What a component has of the records that it reads. */
export interface PageValues {
  readonly isEmpty: boolean
  /** Whether they may get out of the functions around them: returned, sent or given away, and not member by member. */
  readonly areGivenAway: boolean
  /** Whether this name stands for them, or for a part of them. */
  readonly has: (name: Identifier) => boolean
  /** Whether a property of this name has something else, such as a related record. */
  readonly isOther: (name: string) => boolean
  /** What is beside them in the objects that they are put into: `logs` of `{ user, logs }`. */
  readonly besides: ReadonlySet<string>
  /** The components that get them, each with the property. */
  readonly passed: readonly { readonly component: string; readonly property: string }[]
}

/**
 * Follows records through a component: from a request to the state that it sets (`setUsers(await response.json())`), the
 * parameters of callbacks (`users.map((user) => …)`) and the properties of other components. Seeds are what reads them,
 * or the properties that a component gets them by. `others` are
 * what else the answer has.
 */
export function pageValues(
  tree: SourceTree,
  model: CodeModel,
  seeds: readonly (Node | string)[],
  others: ReadonlySet<string> = new Set(),
): PageValues {
  return new ValueWalk(tree, model, others).of(seeds)
}

interface Deferred {
  readonly isKept: () => boolean
  readonly keep: () => void
}

class ValueWalk {
  private readonly found = new Set<string>()
  private readonly pending: Identifier[] = []
  private readonly passed: { component: string; property: string }[] = []
  private readonly besides = new Set<string>()
  /** `pending` and `approved` of `{ pending, approved }`, where both are parts of the records. */
  private readonly parts = new Set<string | null>()
  /** Where they are in a list of answers: `const answers = Promise.all([loadUsers(), loadOrders()])`. */
  private readonly indexes = new Map<string, number>()
  private readonly visited = new Set<Node>()
  /** Values that others may replace, which are followed if the others are these records, too. */
  private readonly deferred: Deferred[] = []
  private readonly bindings: Bindings
  private areGivenAway = false

  constructor(
    private readonly tree: SourceTree,
    private readonly model: CodeModel,
    private readonly others: ReadonlySet<string>,
  ) {
    this.bindings = new Bindings(tree)
  }

  of(seeds: readonly (Node | string)[]): PageValues {
    for (const seed of seeds) {
      if (typeof seed === 'string') this.addProperty(seed)
      else this.follow(seed, true)
    }
    this.followNames()
    for (let next = this.nextKept(); next !== undefined; next = this.nextKept()) {
      next.keep()
      this.followNames()
    }
    return {
      isEmpty: this.found.size === 0,
      areGivenAway: this.areGivenAway,
      has: (name) => this.found.has(this.bindings.of(name)),
      isOther: (name) => this.isNameOfOther(name),
      besides: new Set([...this.besides].filter((name) => !this.parts.has(name))),
      passed: this.passed,
    }
  }

  private followNames(): void {
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) {
      const index = this.indexes.get(this.bindings.of(next)) ?? null
      for (const node of this.bindings.usesOf(next)) if (!isKey(this.tree, node)) this.follow(node, false, index)
    }
  }

  private nextKept(): Deferred | undefined {
    const at = this.deferred.findIndex(({ isKept }) => isKept())
    return at === -1 ? undefined : this.deferred.splice(at, 1)[0]
  }

  private add(name: Identifier): void {
    const binding = this.bindings.of(name)
    if (this.found.has(binding) || this.found.size > MOST_NAMES) return
    this.found.add(binding)
    this.pending.push(name)
  }

  /** `({ users }) => …` and `props.users` of a component that gets `users`. */
  private addProperty(name: string, component: Node = this.tree.program): void {
    const { start, end } = placeOf(component)
    for (const node of this.tree.identifiersNamed(name)) {
      if (placeOf(node).start < start || placeOf(node).end > end) continue
      const parent = this.tree.parentOf(node)
      if (parent !== null && memberOf(parent)?.name === name && memberOf(parent)?.object !== node)
        this.follow(node, false)
      if (
        parent?.type === 'ObjectProperty' &&
        parent.key === node &&
        this.tree.parentOf(parent)?.type === 'ObjectPattern'
      )
        this.addPattern(parent.value, null)
    }
  }

  /** From a value to the statement around it, which may give it to a name. */
  private follow(value: Node, isSeed: boolean, indexOfValue: number | null = null): void {
    let child = value
    let index = indexOfValue
    const keys: string[] = []
    for (let parent = this.tree.parentOf(child); parent !== null; child = parent, parent = this.tree.parentOf(child)) {
      if (this.visited.has(child)) return
      this.visited.add(child)
      const other = isSeed ? null : otherOf(parent, child)
      if (other !== null) {
        const whole = parent
        this.areGivenAway = true
        this.deferred.push({ isKept: () => this.hasPart(other), keep: () => this.follow(whole, false) })
        return
      }
      if (isWrapper(parent) || parent.type === 'AwaitExpression') continue
      if (isCall(parent)) {
        if (!this.followCall(parent, child, index, isSeed)) return
        if (!KEEPS_ORDER.test(memberOf(parent.callee)?.name ?? '')) index = null
      } else if (parent.type === 'ArrayExpression') {
        // `Promise.race([answers, timeout])`
        if (!this.isOneOf(parent)) index = parent.elements.findIndex((each) => each === child)
      } else if (parent.type === 'ObjectPattern') {
        // `const { users, fetchUsers } = useStore()`
        if (isSeed) this.addPattern(parent, null)
        return
      } else if (parent.type === 'ObjectProperty') {
        if (parent.value !== child && !isSeed) return
        const object = this.tree.parentOf(parent)
        if (isCopy(object, this.model) || (!isSeed && isFirstValue(parent)) || isReshaped(object, parent)) return
        this.addBesides(object, parent)
        const key = propertyName(parent)
        if (key !== null) keys.push(key)
      } else if (parent.type === 'VariableDeclarator') {
        if (parent.init === child) this.addPattern(parent.id, index)
        this.areGivenAway ||=
          this.tree.parentOf(this.tree.parentOf(parent) ?? parent)?.type === 'ExportNamedDeclaration'
        // `export const loader = withUser(async () => json({ users }))`
        if (parent.id.type === 'Identifier' && LOADER.test(parent.id.name)) this.addLoaded(keys)
        return
      } else if (parent.type === 'AssignmentExpression') {
        if (parent.right === child) this.addPattern(parent.left, index)
        this.areGivenAway ||= parent.left.type !== 'Identifier'
        return
      } else if (parent.type === 'ForOfStatement') {
        const [first] = parent.left.type === 'VariableDeclaration' ? parent.left.declarations : []
        if (parent.right === child && first !== undefined) this.addPattern(first.id, null)
        return
      } else if (parent.type === 'JSXAttribute') {
        this.areGivenAway = true
        this.pass(parent)
        return
      } else if (parent.type === 'ReturnStatement' || (isFunction(parent) && parent.body === child)) {
        this.areGivenAway = true
        const fn = isFunction(parent) ? parent : this.functionAround(parent)
        if (fn === null) return
        if ('id' in fn && fn.id?.type === 'Identifier') {
          this.add(fn.id)
          if (LOADER.test(fn.id.name)) this.addLoaded(keys)
          return
        }
        parent = fn
      } else if (this.isOther(parent, child)) {
        return
      } else if (!PASSES.has(parent.type)) {
        this.areGivenAway ||= GIVES_AWAY.has(parent.type)
        return
      }
    }
  }

  private isOneOf(list: Node): boolean {
    const call = this.tree.parentOf(list)
    return isCall(call) && /^(?:race|any)$/.test(memberOf(call.callee)?.name ?? '')
  }

  private addBesides(object: Node | null, own: Extract<Node, { type: 'ObjectProperty' }>): void {
    if (object?.type !== 'ObjectExpression') return
    this.parts.add(propertyName(own))
    for (const each of object.properties) {
      const name = each === own || each.type !== 'ObjectProperty' ? null : propertyName(each)
      if (name !== null && !ENVELOPE.test(name)) this.besides.add(name)
    }
  }

  /** `user.id` and `user.company`: the records do not go where such values go. */
  private isOther(parent: Node, child: Node): boolean {
    const member = memberOf(parent)
    if (member === null) return parent.type === 'ConditionalExpression' && parent.test === child
    return member.object === child && (member.name === 'length' || this.isNameOfOther(member.name))
  }

  private isNameOfOther(name: string): boolean {
    const related = this.model.relations.get(name)
    const isOther =
      this.others.has(name) || this.model.scalarFields.has(name) || (related && related.model !== this.model.model)
    return isOther === true && !ENVELOPE.test(name)
  }

  private addLoaded(keys: readonly string[]): void {
    for (const node of ['useLoaderData', 'useTypedLoaderData', 'loaderData'].flatMap((name) =>
      this.tree.identifiersNamed(name),
    )) {
      const parent = this.tree.parentOf(node)
      if (isCall(parent) || memberOf(parent ?? node)?.object !== node) this.follow(node, false)
    }
    for (const key of ['loaderData', ...keys]) this.addProperty(key)
  }

  private functionAround(node: Node): Node | null {
    for (let next = this.tree.parentOf(node); next !== null; next = this.tree.parentOf(next))
      if (isFunction(next)) return next
    return null
  }

  /** False if the result of the call is none of the value. */
  private followCall(call: CallNode, child: Node, index: number | null, isSeed: boolean): boolean {
    if (call.callee === child) {
      // `users.map((user) => …)`, `.then(([users, leads]) => …)`
      const isMap = /^(?:map|flatMap)$/.test(memberOf(call.callee)?.name ?? '')
      // `users.map(toUser)`: a function that is not read may make anything of a record.
      let isCopied = isMap && !isFunction(call.arguments[0] ?? null)
      for (const argument of call.arguments) {
        // `.then(setUsers)`
        if (argument.type === 'Identifier' && /^set[A-Z]/.test(argument.name)) this.addState(argument)
        if (!isFunction(argument)) continue
        for (const parameter of argument.params) this.addPattern(parameter, isMap ? null : index)
        isCopied ||= isMap && !isPassedOn(argument)
      }
      // What the callback of `.then(…)` returns is followed from its parameter.
      return !isCopied && !(memberOf(call.callee)?.name === 'then' && isFunction(call.arguments[0] ?? null))
    }
    const { callee } = call
    const name = memberOf(callee)?.name ?? (callee.type === 'Identifier' ? callee.name : '')
    // An address is sent away, not its answer.
    this.areGivenAway ||=
      !child.type.endsWith('Literal') && !/^(?:all|allSettled|\$transaction|log|debug|info|warn|error)$/.test(name)
    if (name === 'useState' && !isSeed) {
      this.deferState(call)
      return false
    }
    if (/^set[A-Z]/.test(name)) {
      if (!isFunction(child) && callee.type === 'Identifier') this.addState(callee)
      return false
    }
    // The function that sends all requests answers to all of them.
    const parameter = isSeed || isFunction(child) ? null : parameterOf(this.tree, call, child)
    if (parameter !== null) {
      this.addPattern(parameter[0], null)
      // What a function of this file returns is followed from its parameter.
      return false
    }
    if (!child.type.endsWith('Literal') && makesOther(callee, name)) return false
    if (isFunction(child) && /^(?:map|flatMap)$/.test(name) && !isPassedOn(child)) return false
    return !/^(?:useEffect|useLayoutEffect|push|replace|navigate|mutate|mutateAsync|toast|log|error)$/.test(name)
  }

  /** The first value of a state, unless the component sets it to what another request answers. */
  private deferState(call: CallNode): void {
    const holder = this.tree.parentOf(call)
    const pattern = holder?.type === 'VariableDeclarator' && holder.id.type === 'ArrayPattern' ? holder.id : null
    const [state, setter] = pattern?.elements ?? []
    if (!state) return
    const uses = setter?.type === 'Identifier' ? this.bindings.usesOf(setter) : []
    this.deferred.push({
      isKept: () =>
        !isReplaced(this.tree, uses, call, (name) => {
          return this.found.has(this.bindings.of(name)) || (state.type === 'Identifier' && state.name === name.name)
        }),
      keep: () => this.addPattern(state, null),
    })
  }

  private hasPart(node: Node): boolean {
    const { start, end } = placeOf(node)
    return namesIn(this.tree, start, end).some((each) => this.found.has(this.bindings.of(each)))
  }

  /** `users` of `const [users, setUsers] = useState([])`. */
  private addState(setter: Identifier): void {
    const binding = this.bindings.of(setter)
    for (const node of this.bindings.declarations(setter.name)) {
      const pattern = this.tree.parentOf(node)
      if (pattern?.type === 'ArrayPattern' && this.bindings.of(node) === binding && pattern.elements[0])
        this.addPattern(pattern.elements[0], null)
    }
  }

  private addPattern(pattern: Node, index: number | null): void {
    if (pattern.type === 'Identifier') {
      if (index !== null) this.indexes.set(this.bindings.of(pattern), index)
      this.add(pattern)
    } else if (pattern.type === 'AssignmentPattern') this.addPattern(pattern.left, index)
    else if (pattern.type === 'RestElement') this.addPattern(pattern.argument, null)
    else if (pattern.type === 'ObjectPattern') {
      for (const each of pattern.properties) {
        const key = each.type === 'ObjectProperty' ? propertyName(each) : null
        if (key === null || !this.others.has(key))
          this.addPattern(each.type === 'ObjectProperty' ? each.value : each.argument, null)
      }
    } else if (pattern.type === 'ArrayPattern') {
      for (const [at, each] of pattern.elements.entries())
        if (each !== null && (index === null || index === at)) this.addPattern(each, null)
    } else {
      // `users.value = …`
      const target = memberOf(pattern)
      if (target?.object.type === 'Identifier') this.add(target.object)
    }
  }

  private pass(attribute: Extract<Node, { type: 'JSXAttribute' }>): void {
    const element = this.tree.parentOf(attribute)
    if (element?.type !== 'JSXOpeningElement' || element.name.type !== 'JSXIdentifier') return
    if (!/^[A-Z]/.test(element.name.name) || attribute.name.type !== 'JSXIdentifier') return
    this.passed.push({ component: element.name.name, property: attribute.name.name })
    // `<Table rows={leads} date={(lead) => lead.createdAt} />`
    for (const other of element.attributes) {
      const value = other.type === 'JSXAttribute' && other !== attribute ? other.value : null
      const fn = value?.type === 'JSXExpressionContainer' ? value.expression : null
      if (isFunction(fn)) for (const parameter of fn.params) this.addPattern(parameter, null)
    }
    // A component of the same file has it as a parameter.
    for (const declared of this.bindings.declarations(element.name.name)) {
      const component = this.tree.parentOf(declared)
      if (component !== null) this.addProperty(attribute.name.name, component)
    }
  }
}

const MOST_NAMES = 300

/** What an answer is wrapped in, also where a model has a column of that name. */
const ENVELOPE = /^(?:data|items?|results?|rows?|content|list|records?|payload|body|values?)$/

/** What takes a value out of its function, besides calls and `return`. */
const GIVES_AWAY: ReadonlySet<string> = new Set<Node['type']>([
  'NewExpression',
  'YieldExpression',
  'ClassProperty',
  'ExportDefaultDeclaration',
  'ExportSpecifier',
  'JSXElement',
  'JSXSpreadAttribute',
])

/** Calls that answer in the order of what they get. */
const KEEPS_ORDER = /^(?:all|allSettled|race|any|map|\$transaction)$/

/** Expressions whose value is, or has, that of a part. */
const PASSES: ReadonlySet<string> = new Set<Node['type']>([
  'MemberExpression',
  'OptionalMemberExpression',
  'LogicalExpression',
  'ConditionalExpression',
  'ObjectExpression',
  'SpreadElement',
  'TemplateLiteral',
  'BinaryExpression',
  'JSXExpressionContainer',
])
