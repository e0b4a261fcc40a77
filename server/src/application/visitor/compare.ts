import { isAdminRole } from '../selects/guards'
import { isOneOfOthers } from '../role-words'
import { can, each, isAbout, known, least, MAYBE, most, verdict, YES, type Value } from './values'

/** The visitor of one round. */
export interface Visitor {
  /** Their role, if the code names it; null for one that it does not name. */
  readonly role: string | null
  /** Roles of people who are no staff that the code names. */
  readonly named: Set<string>
}

export function equal(visitor: Visitor, one: Value, other: Value): Value {
  return each(one, (a) => each(other, (b) => equalOf(visitor, a, b)))
}

function equalOf(visitor: Visitor, one: Value, other: Value): Value {
  if (one.kind === 'known' && other.kind === 'known') {
    const isNothing = one.value === null || one.value === undefined
    // `==` and `===` alike.
    return known(isNothing ? other.value === null || other.value === undefined : one.value === other.value)
  }
  if (one.kind === 'known') return equalOf(visitor, other, one)
  if (one.kind === 'role') return other.kind === 'known' ? isTheirRole(visitor, other.value) : verdict(MAYBE, MAYBE)
  if (one.kind === 'flag') {
    const isFalse = other.kind === 'known' && other.value === false
    return isAbout(other) && other.kind !== 'flag' ? verdict(MAYBE, MAYBE) : known(isFalse)
  }
  if (one.kind === 'given') return other.kind === 'known' ? verdict(YES, YES) : verdict(MAYBE, MAYBE)
  if (one.kind === 'unknown') return isUnknownEqual(one, other)
  // Lists, functions and objects are never equal to a literal.
  return other.kind === 'known' ? known(false) : verdict(MAYBE, MAYBE)
}

function isTheirRole({ role, named }: Visitor, value: unknown): Value {
  if (typeof value !== 'string') return known(false)
  if (isOneOfOthers(`'${value}'`)) named.add(value)
  if (role !== null) return known(role.toLowerCase() === value.toLowerCase())
  return isAdminRole(value) ? known(false) : verdict(MAYBE, MAYBE)
}

function isUnknownEqual(one: Extract<Value, { kind: 'unknown' }>, other: Value): Value {
  if (one.isAboutRoles || isAbout(other)) return verdict(MAYBE, MAYBE)
  if (other.kind === 'given') return verdict(MAYBE, MAYBE)
  if (other.kind !== 'known') return verdict(YES, YES)
  if (other.value === null || other.value === undefined) return verdict(can(one, false), YES)
  const isStaff = typeof other.value === 'string' && /admin|staff|moderator/i.test(other.value)
  return isStaff ? known(false) : verdict(YES, YES)
}

/** Whether a list has a value. */
export function includes(visitor: Visitor, items: readonly Value[], value: Value): Value {
  const found = items.map((item) => equal(visitor, item, value))
  return verdict(most(...found.map((one) => can(one, true))), least(...found.map((one) => can(one, false))))
}
