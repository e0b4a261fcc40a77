import type { Node } from '@babel/types'
import { hasRoleWord } from '../role-words'
import { textOfNode } from '../syntax'
import type { Code } from './code'
import { inner } from './scope'
import {
  can,
  completes,
  isAbout,
  least,
  MAYBE,
  most,
  NO,
  UNDECIDED,
  UNKNOWN,
  YES,
  type Certainty,
  type Scope,
  type Option,
  type Value,
} from './values'

/** How surely a visitor gets through code, and by which ways. */
export interface Paths {
  /** To its end. */
  readonly ends: Certainty
  readonly returns: readonly Option[]
}

/** Runs a block. */
export function run(code: Code, block: Node, scope: Scope): Paths {
  const walk = new Walk(code)
  const ends = walk.statement(block, scope, code.certainty)
  return { ends, returns: walk.returns }
}

/** Whether a visitor gets past one statement. */
export function passes(code: Code, statement: Node, scope: Scope): Certainty {
  return new Walk(code).statement(statement, scope, YES)
}

class Walk {
  private throws: Certainty = NO
  readonly returns: Option[] = []
  private breaks: Certainty = NO

  constructor(private readonly code: Code) {}

  /** How surely the code behind a statement is reached by those who reach it. */
  statement(node: Node, scope: Scope, certainty: Certainty): Certainty {
    return this.code.reaching(certainty, () => this.reached(node, scope, certainty))
  }

  private all(statements: readonly Node[], scope: Scope, certainty: Certainty): Certainty {
    let left = certainty
    for (const each of statements) {
      // What is declared as a function may be called before.
      if (each.type === 'FunctionDeclaration' && each.id)
        scope.names.set(each.id.name, { kind: 'code', fn: each, scope })
    }
    for (const each of statements) {
      if (left === NO) return NO
      left = this.statement(each, scope, left)
    }
    return left
  }

  private reached(node: Node, scope: Scope, certainty: Certainty): Certainty {
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the parser has some two hundred kinds of nodes
    switch (node.type) {
      case 'BlockStatement':
        return this.all(node.body, inner(scope), certainty)
      case 'ExpressionStatement':
        return this.after(this.code.value(node.expression, scope), certainty)
      case 'VariableDeclaration': {
        let left = certainty
        for (const { id, init } of node.declarations) {
          const value = init ? this.code.value(init, scope) : UNKNOWN
          left = this.after(value, left)
          this.code.bind(id, value, scope)
        }
        return left
      }
      case 'IfStatement': {
        const test = this.code.value(node.test, scope)
        const [met, failed] = [least(certainty, can(test, true)), least(certainty, can(test, false))]
        this.after(test, certainty)
        const ends = met === NO ? NO : this.statement(node.consequent, scope, met)
        if (failed === NO) return ends
        return most(ends, node.alternate ? this.statement(node.alternate, scope, failed) : failed)
      }
      case 'ReturnStatement': {
        const value = node.argument
          ? this.code.value(node.argument, scope)
          : { kind: 'known' as const, value: undefined }
        const left = this.after(value, certainty)
        if (left !== NO) this.returns.push({ value, certainty: left })
        return NO
      }
      case 'ThrowStatement':
        this.throws = most(this.throws, certainty)
        return NO
      case 'TryStatement':
        return this.tried(node, scope, certainty)
      case 'SwitchStatement':
        return this.switched(node, scope, certainty)
      case 'BreakStatement':
      case 'ContinueStatement':
        this.breaks = most(this.breaks, certainty)
        return NO
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement': {
        // How often is not known.
        const isAboutRoles = hasRoleWord(textOfNode(scope.tree.text, node))
        const reached = isAboutRoles ? least(certainty, MAYBE) : certainty
        const own = inner(scope)
        if (node.type === 'ForOfStatement' && node.left.type === 'VariableDeclaration') {
          const list = this.code.value(node.right, scope)
          for (const { id } of node.left.declarations) this.code.bind(id, isAbout(list) ? UNDECIDED : UNKNOWN, own)
        }
        const outer = this.breaks
        this.statement(node.body, own, reached)
        this.breaks = outer
        return reached
      }
      case 'LabeledStatement':
        return this.statement(node.body, scope, certainty)
      default:
        return certainty
    }
  }

  private after(value: Value, certainty: Certainty): Certainty {
    const left = least(certainty, completes(value))
    if (left < certainty) this.throws = most(this.throws, left === NO ? certainty : least(certainty, MAYBE))
    return left
  }

  private takeThrows(): Certainty {
    const { throws } = this
    this.throws = NO
    return throws
  }

  private tried(node: Extract<Node, { type: 'TryStatement' }>, scope: Scope, certainty: Certainty): Certainty {
    const before = this.takeThrows()
    let ends = this.statement(node.block, scope, certainty)
    const caught = this.takeThrows()
    this.throws = before
    if (node.handler) {
      const own = inner(scope)
      if (node.handler.param) this.code.bind(node.handler.param, UNKNOWN, own)
      if (caught !== NO) ends = most(ends, this.statement(node.handler.body, own, caught))
    } else this.throws = most(before, caught)
    if (node.finalizer && ends !== NO) ends = this.statement(node.finalizer, scope, ends)
    return ends
  }

  private switched(node: Extract<Node, { type: 'SwitchStatement' }>, scope: Scope, certainty: Certainty): Certainty {
    const of = this.code.value(node.discriminant, scope)
    const own = inner(scope)
    const outer = this.breaks
    this.breaks = NO
    let unmet = certainty
    let falls: Certainty = NO
    const entries = node.cases.map((each) => {
      if (!each.test) return null
      const same = this.code.equal(of, this.code.value(each.test, scope))
      const entered = least(unmet, can(same, true))
      unmet = least(unmet, can(same, false))
      return entered
    })
    node.cases.forEach((each, at) => {
      const reached = most(falls, entries[at] ?? unmet)
      falls = reached === NO ? NO : this.all(each.consequent, own, reached)
    })
    const hasDefault = entries.includes(null)
    const ends = most(falls, this.breaks, hasDefault ? NO : unmet)
    this.breaks = outer
    return ends
  }
}
