import type { Node } from '@babel/types'
import type { Braces, Layout } from '../append-members'
import { LINE_LENGTH } from '../append-members'
import type { AddedMember, CodeModel } from '../model'
import { isAuditDate, shownFields } from '../field-names'
import { placeOf } from '../syntax'

/** The style of the types of new members, as in the existing ones. */
export interface MemberContext {
  readonly model: CodeModel
  /** By name, as written. */
  readonly present: ReadonlyMap<string, string>
  readonly layout: Layout
  readonly separator: '' | ',' | ';'
  /** What a date is if no other member tells. */
  readonly date: 'string' | typeof ANY_DATE
}

/** A member's type: that of the other dates for a date; the fields that identify a person for a user. */
export function memberType({ shape }: AddedMember, headLength: number, context: MemberContext): string {
  const { model, present, layout, separator } = context
  if (shape.kind === 'value') return shape.type
  if (shape.kind === 'date') return dateType(context)
  const fields = shownFields(shape.fields, showsAddresses(model, present)).map(({ name, type }) => {
    const own = shape.isOwnModel ? present.get(name) : undefined
    if (own === undefined || own === '') return `${name}: ${type}`
    return `${name}: ${own}${type.endsWith('| null') && !own.includes('null') ? ' | null' : ''}`
  })
  const oneLine = `{ ${fields.join(separator === ',' ? ', ' : '; ')} } | null`
  if (layout.indent === null || layout.indent.length + headLength + oneLine.length < LINE_LENGTH) return oneLine
  const inner = `${layout.indent}${layout.indentUnit}`
  return ['{', ...fields.map((field) => `${inner}${field}${separator}`), `${layout.indent}} | null`].join(layout.eol)
}

/**
 * The members for a mirror that only has columns: one with `teamId` and no `team` gets `updatedById`, not
 * `updatedBy: { … }`. Users are read with a select, because no one sends passwords, and the select has the relation.
 */
export function inTheFormOf(
  present: ReadonlyMap<string, unknown>,
  { isUser, scalarFields, relations }: CodeModel,
  members: readonly AddedMember[],
): readonly AddedMember[] {
  if (isUser) return members
  const names = [...present.keys()]
  // `membershipId` is the key of nothing if there is no `membership`.
  const hasKeys = names.some((name) => scalarFields.has(name) && relations.has(name.replace(/_?[iI]d$/, '')))
  if (!hasKeys || names.some((name) => relations.has(name))) return members
  return asKeys(members)
}

/** Every record has its keys; it has a user only if a query or a resolver asks for it. */
export function asKeys(members: readonly AddedMember[]): readonly AddedMember[] {
  return members.map((member): AddedMember => {
    const { name, type, isNullable } = member.column
    if (member.shape.kind !== 'user') return member
    return { ...member, name, shape: { kind: 'value', type: `${type}${isNullable ? ' | null' : ''}` } }
  })
}

/**
 * Whether the record already shows email addresses: its own, or those of a user inside. As with selects, so that the
 * result of a select fits the type.
 */
export function showsAddresses(model: CodeModel, present: ReadonlyMap<string, string>): boolean {
  return model.isUser ? present.has('email') : [...present.values()].some((type) => /\bemail\b/.test(type))
}

function dateType({ present, model, date }: MemberContext): string {
  // A page may copy the records and write out the dates that they have today: a new one stays as it is.
  const isOld = date === ANY_DATE && ![...present.keys()].some(isAuditDate)
  const inForm = (type: string) => (isOld && type.startsWith('string') ? date : type)
  const sibling = dateSibling(present, model)?.[1]
  if (sibling !== undefined) return inForm(sibling)
  const nullable = [...present].find(([name, type]) => model.dateFields.has(name) && /^(?:Date|string)\b/.test(type))
  return nullable === undefined ? date : inForm(nullable[1].slice(0, nullable[1].startsWith('D') ? 4 : 6))
}

/** A record has a `Date`, and what was sent as JSON a string: both fit. */
export const ANY_DATE = 'Date | string'

/** The member that is a date of the model and has an explicit type, preferably one like the new member. */
export function dateSibling(
  present: ReadonlyMap<string, string>,
  model: CodeModel,
): readonly [string, string] | undefined {
  return [...present].find(([name, type]) => model.dateFields.has(name) && type !== '' && !type.includes('null'))
}

/** The parser counts the separator as part of the member. */
export function bracesAround(text: string, braces: Node, last: Node | undefined): Braces {
  const place = placeOf(last ?? braces)
  const end = /[;,]$/.test(text.slice(place.start, place.end)) ? place.end - 1 : place.end
  return { ...placeOf(braces), last: { start: place.start, end } }
}

/** The separator of the existing members; empty if only line breaks separate them. */
export function separatorOf(text: string, members: readonly Node[], layout: Layout): '' | ',' | ';' {
  for (const member of members) {
    const end = text[placeOf(member).end - 1]
    if (end === ',' || end === ';') return end
  }
  return layout.indent === null ? ';' : ''
}
