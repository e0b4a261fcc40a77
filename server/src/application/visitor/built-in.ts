import type { Node } from '@babel/types'
import type { Code } from './code'
import {
  can,
  completes,
  each,
  either,
  isAbout,
  known,
  least,
  MAYBE,
  most,
  NO,
  UNDECIDED,
  UNKNOWN,
  verdict,
  YES,
  type Scope,
  type Value,
} from './values'

/** What a method of a list, a text, a promise or tRPC's builder gives; null for any other. */
export function callOfMember(
  code: Code,
  object: Value,
  name: string,
  given: readonly Node[],
  scope: Scope,
): Value | null {
  const [first] = given
  const argument = () => code.items(given, scope)[0] ?? known(undefined)
  switch (name) {
    case 'catch':
    case 'then':
      return first === undefined ? object : settled(code, object, name, argument())
    case 'use':
    case 'middleware':
    case 'input':
    case 'output':
    case 'meta':
    case 'concat':
      return ofProcedure(object, name, argument)
    case 'includes':
    case 'has':
    case 'indexOf':
    case 'some':
    case 'every':
    case 'find':
    case 'filter':
    case 'map':
      return object.kind === 'list' ? ofList(code, object.items, name, argument()) : ofOther(object)
    case 'toLowerCase':
    case 'toUpperCase':
    case 'trim':
    case 'toString':
      if (object.kind === 'known' && typeof object.value === 'string') return known(cased(object.value, name))
      return object.kind === 'role' || object.kind === 'given' ? object : ofOther(object)
    default:
      return ofOther(object)
  }
}

/** A method of what the request brings, or of what is known to be about roles. */
function ofOther(object: Value): Value | null {
  if (object.kind === 'given' || object.kind === 'never') return object
  return object.kind === 'role' || object.kind === 'flag' ? UNDECIDED : null
}

function cased(text: string, name: string): string {
  if (name === 'toLowerCase') return text.toLowerCase()
  return name === 'toUpperCase' ? text.toUpperCase() : text
}

/** `requireAdmin().catch(() => null)` */
function settled(code: Code, promise: Value, name: 'catch' | 'then', handler: Value): Value {
  if (handler.kind !== 'code') return name === 'catch' && completes(promise) === NO ? UNDECIDED : promise
  if (name === 'then') return promise.kind === 'never' ? promise : each(promise, (one) => code.call(handler, [one]))
  const kept = completes(promise)
  if (kept === YES) return promise
  return either([
    { value: promise, certainty: kept },
    { value: code.call(handler, [UNKNOWN]), certainty: kept === NO ? YES : MAYBE },
  ])
}

function ofProcedure(object: Value, name: string, argument: () => Value): Value | null {
  if (object.kind !== 'procedure' && object.kind !== 'unknown') return ofOther(object)
  if (object.kind === 'unknown' && name !== 'use' && name !== 'middleware') return null
  if (name === 'middleware') return argument()
  const before = object.kind === 'procedure' ? object.middlewares : object.isAboutRoles ? [UNDECIDED] : []
  return { kind: 'procedure', middlewares: name === 'use' ? [...before, argument()] : before }
}

function ofList(code: Code, items: readonly Value[], name: string, argument: Value): Value {
  if (name === 'includes' || name === 'has') return code.includes(items, argument)
  if (name === 'indexOf') {
    const at = items.findIndex((item) => can(code.equal(item, argument), true) === YES)
    return at >= 0
      ? known(at)
      : items.some((item) => can(code.equal(item, argument), true) !== NO)
        ? UNDECIDED
        : known(-1)
  }
  if (argument.kind !== 'code') return items.some(isAbout) || isAbout(argument) ? UNDECIDED : UNKNOWN
  const answers = items.map((item) => code.call(argument, [item]))
  if (name === 'map') return { kind: 'list', items: answers }
  const yes = answers.map((one) => can(one, true))
  const no = answers.map((one) => can(one, false))
  if (name === 'some' || name === 'find') return verdict(most(...yes), least(...no))
  if (name === 'every') return verdict(least(...yes), most(...no))
  return items.some(isAbout) ? UNDECIDED : UNKNOWN
}
