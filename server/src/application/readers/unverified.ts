import type { Node } from '@babel/types'
import { enclosingFunction } from '../references'
import {
  childrenOf,
  insideOf,
  isCall,
  isFunction,
  memberOf,
  placeOf,
  propertyName,
  textOfNode,
  unwrap,
  type CallNode,
  type FunctionNode,
  type SourceTree,
} from '../syntax'
import { isKey } from './bindings'
import { nameOf } from '../called-names'

type Identifier = Extract<Node, { type: 'Identifier' }>

/**
 * Who somebody is, as the request itself says it: a token that code decodes and does not verify (`jwt.decode`, base64
 * and JSON), and what is read by its id. Anyone can write such a token.
 */
export class Unverified {
  private readonly known = new Map<Node, boolean>()

  /**
   * `decoding`: `getUser()` for a function of another file that only decodes, `.user` for what some file sets to a
   * decoded token, as a member of the request.
   */
  constructor(
    private readonly tree: SourceTree,
    private readonly decoding: ReadonlySet<string>,
  ) {}

  /** Whether some of a value is. */
  has(value: Node): boolean {
    const known = this.known.get(value)
    if (known !== undefined) return known
    // For code that refers to itself, and what is too large to be a value.
    this.known.set(value, false)
    const { start, end } = placeOf(value)
    const found = end - start < LONGEST_VALUE && this.isIn(value)
    this.known.set(value, found)
    return found
  }

  /** The functions and methods of the file that answer such a thing, and the members of requests that they set to one. */
  names(): string[] {
    return this.tree.nodes.flatMap((node) => {
      if (isFunction(node)) {
        const name = declaredName(this.tree, node)
        return name !== null && this.answers(node) ? `${name}()` : []
      }
      if (!isCall(node) || !this.isDecoding(node)) return []
      return this.membersSet(node)
    })
  }

  private isIn(given: Node): boolean {
    const node = unwrap(given)
    if (isFunction(node)) return this.answers(node)
    if (isCall(node) && this.isOfSession(node)) return false
    if (isCall(node) && this.isDecoding(node)) return !this.isVerifiedAround(node)
    if (node.type === 'Identifier') return !isKey(this.tree, node) && this.isGiven(node)
    const member = memberOf(node)
    if (member !== null) {
      if (this.decoding.has(`.${member.name}`) && REQUEST.test(nameOf(member.object))) return true
      return this.has(member.object)
    }
    return childrenOf(node).some((child) => this.has(child))
  }

  /** `getUser(token)` of a function that only decodes, `jwt.decode(token)`, `JSON.parse(atob(token))` */
  private isDecoding(call: CallNode): boolean {
    const name = nameOf(call)
    if (this.decoding.has(`${name}()`) || DECODES.test(name)) return true
    const called = textOfNode(this.tree.text, call.callee)
    if (name === 'decode') {
      const options = call.arguments.map((each) => textOfNode(this.tree.text, each)).join()
      return (
        (OF_TOKENS.test(called) || (called === name && IMPORTS_DECODE.test(this.tree.text))) && !/secret/i.test(options)
      )
    }
    const [argument] = call.arguments
    return called === 'JSON.parse' && argument !== undefined && this.isWrittenByAnyone(argument, DEEPEST)
  }

  /** Whether a text is base64, or what a cookie or a header is. */
  private isWrittenByAnyone(value: Node, depth: number): boolean {
    const text = textOfNode(this.tree.text, value)
    if (KEPT.test(text)) return false
    if (BY_ANYONE.test(text)) return true
    if (depth === 0) return false
    return insideOf(value).some(
      (each) =>
        each.type === 'Identifier' &&
        !isKey(this.tree, each) &&
        this.valuesOf(each).some((given) => !isFunction(given) && this.isWrittenByAnyone(given, depth - 1)),
    )
  }

  /** `getServerSession()` of a library, `prisma.session.findUnique(…)`: a session is read by a key that nobody can guess. */
  private isOfSession(call: CallNode): boolean {
    const { callee } = call
    if (this.decoding.has(`${nameOf(call)}()`) || !OF_SESSION.test(textOfNode(this.tree.text, callee))) return false
    return callee.type !== 'Identifier' || this.valuesOf(callee).length === 0
  }

  /** Whether the function around it proves where the token is from. */
  private isVerifiedAround(node: Node): boolean {
    const fn = enclosingFunction(this.tree, node) ?? this.tree.program
    const text = textOfNode(this.tree.text, fn).replaceAll(/\b(\w+)\(/g, (call, name: string) =>
      this.decoding.has(`${name}()`) ? '' : call,
    )
    return VERIFIES.test(text)
  }

  private isGiven(name: Identifier): boolean {
    return this.valuesOf(name).some((value) => this.has(value))
  }

  /** All that a name is set to where it means the same. */
  private valuesOf(name: Identifier): Node[] {
    const { start } = placeOf(name)
    return this.tree
      .identifiersNamed(name.name)
      .slice(0, MOST_NAMES)
      .flatMap((each) => {
        const value = valueGiven(this.tree, each)
        if (value === null) return []
        const scope = enclosingFunction(this.tree, this.tree.parentOf(each) ?? each)
        const isInScope = scope === null || (placeOf(scope).start <= start && start < placeOf(scope).end)
        return isInScope ? [value] : []
      })
  }

  /** Whether a function's answer is. */
  private answers(fn: FunctionNode): boolean {
    if (fn.body.type !== 'BlockStatement') return this.has(fn.body)
    return answersIn(fn.body).some((each) => this.has(each))
  }

  /** `req.user = jwt.decode(token)`, also by a name that it is given to first. */
  private membersSet(call: CallNode): string[] {
    if (this.isVerifiedAround(call)) return []
    const fn = enclosingFunction(this.tree, call)
    if (fn === null) return []
    return insideOf(fn).flatMap((each) => {
      if (each.type !== 'AssignmentExpression') return []
      const set = memberOf(each.left)
      return set !== null && REQUEST.test(nameOf(set.object)) && this.has(each.right) ? `.${set.name}` : []
    })
  }
}

/** Whether a file may decode tokens, by its text alone. */
export function mayDecode(text: string): boolean {
  return TOKEN.test(text) || (/\bJSON\.parse\(/.test(text) && BY_ANYONE.test(text))
}

/** A word of each file that does. */
export const DECODING_WORDS = [
  'decode',
  'jwtDecode',
  'jwt_decode',
  'decodeJwt',
  'decodeJWT',
  'atob',
  'base64',
  'base64url',
]

const DECODES = /^(?:jwt_?decode|decode_?jwt|unsafeDecode\w*)$/i
const OF_TOKENS = /(?:jwt|jose|jsonwebtoken|token)\w{0,30}[!?]?\.decode$/i
const IMPORTS_DECODE =
  /\bimport\s{0,9}\{[^}]{0,200}\bdecode\b[^}]{0,200}\}\s{0,9}from\s{0,9}['"](?![^'"]{0,40}auth)[^'"]{0,40}(?:jsonwebtoken|jwt|jose)/
const TOKEN = /\bjwt_?decode\b|\bdecode_?jwt\b|\bdecode\(/i

/** base64, and what the browser sends as it likes. */
const BY_ANYONE =
  /\batob\(|['"]base64(?:url)?['"]|\bdecodeURIComponent\(|\b(?:cookie|header)\w{0,20}\b[^;]{0,40}\.get\(|\bcookies\.\w/i

/** What only the program itself writes, or can read. */
const KEPT = /redis|kv\.|cache|decrypt|decipher|unseal|unsign|verif|readFile/i

const VERIFIES =
  /\b\w{0,30}verify\w{0,30}\(|\bcreateHmac\b|\btimingSafeEqual\b|\w{0,20}(?:decrypt|decipher|unseal|unsign|introspect)\w{0,20}\(|(?:session|token)\w{0,20}\.find\w{0,20}\(/i

const OF_SESSION = /(?:^|\.)(?:\w{0,20}[sS]ession(?:\.\w{1,20})?|get\w{0,20}Session\w{0,20}|auth)$/

/** What a program calls the request, and what it keeps beside it. */
const REQUEST = /^(?:req|request|ctx|context|c|event|locals|res|socket|client|data|state)$/

const DEEPEST = 3
const MOST_NAMES = 50
/** Longer code is no value. */
const LONGEST_VALUE = 20_000

/** The value in a declaration of a name, or in an assignment to it. */
function valueGiven(tree: SourceTree, name: Identifier): Node | null {
  let holder = tree.parentOf(name)
  if (holder?.type === 'FunctionDeclaration') return holder.id === name ? holder : null
  if (holder?.type === 'AssignmentExpression') return holder.left === name ? holder.right : null
  let child: Node = name
  while (holder !== null && /Pattern$|^ObjectProperty$|^RestElement$/.test(holder.type)) {
    child = holder
    holder = tree.parentOf(holder)
  }
  return holder?.type === 'VariableDeclarator' && holder.id === child ? (holder.init ?? null) : null
}

/** The name by which other code calls a function. */
function declaredName(tree: SourceTree, fn: FunctionNode): string | null {
  if ('key' in fn) return propertyName(fn)
  if (fn.type === 'FunctionDeclaration') return fn.id?.name ?? null
  for (let holder = tree.parentOf(fn); holder !== null; holder = tree.parentOf(holder)) {
    if (holder.type === 'VariableDeclarator') return holder.id.type === 'Identifier' ? holder.id.name : null
    if (holder.type === 'ObjectProperty' || holder.type === 'ClassProperty') return propertyName(holder)
    // `cache(async () => …)`
    if (!isCall(holder)) return null
  }
  return null
}

/** What a function returns, without those inside it. */
function answersIn(body: Node): Node[] {
  return insideOf(body).flatMap((each) => (each.type === 'ReturnStatement' && each.argument ? each.argument : []))
}
