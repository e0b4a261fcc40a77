import { AUDIT_FIELD_KINDS } from '../audit-fields/kinds'
import type { AddedMember, CodeModel } from './model'

/** The model's dates, including the added ones. */
export function datesOf({ dateFields, members }: CodeModel): ReadonlySet<string> {
  return new Set([...dateFields, ...members.flatMap(({ name, shape }) => (shape.kind === 'date' ? [name] : []))])
}

/** Whether the shown fields include the record's key. A key of several fields always counts as shown. */
export function hasKey({ keyFields }: CodeModel, names: ReadonlySet<string>): boolean {
  return [...keyFields].every((name) => names.has(name))
}

/** `createdAt`, `updated_at`, `dateCreated`. */
export function isAuditDate(name: string): boolean {
  return /^(?:(?:created?|updated?|modified|changed|lastModified|lastUpdated|inserted)(?:_?(?:at|on|date|time))?|date_?(?:created|updated|modified))$/i.test(
    name,
  )
}

/** `createdBy`, `modified_by_id`, `creator`: who made or changed the record. */
export function isEditor(name: string): boolean {
  return /^(?:(?:created|added|updated|modified|changed|edited)_?by|creator|editor)(?:_?(?:id|user|name))?$/i.test(name)
}

/** `createdBy`, `addedByUser`, `creator`. */
export function isCreator(name: string): boolean {
  return /^(?:(?:created|added|uploaded|submitted)_?by|creator)(?:_?user)?$/i.test(name)
}

/**
 * Whether one of these names already shows the field: under its own name, that of its column, or a synonym.
 * `lastUpdatedBy` and `modifiedById` are `updatedBy`.
 */
export function isShown({ name, column, auditField }: AddedMember, names: Iterable<string>): boolean {
  const kind = AUDIT_FIELD_KINDS.find((each) => each.name === auditField)
  return [...names].some((each) => each === name || each === column.name || kind?.namesInCode?.test(each) === true)
}

/** Whether the field says who changed the record last. */
export function isWhoChanged({ auditField }: AddedMember): boolean {
  const kind = AUDIT_FIELD_KINDS.find((each) => each.name === auditField)
  return kind?.shape === 'user' && kind.actor === 'each change'
}

/** `createdAt`, `date_added`, `submittedOn`: when a record came to be. */
export function isCreationDate(name: string): boolean {
  return /^(?:(?:created?|added|inserted|submitted|requested|registered)_?(?:at|on|date|time)|date_?(?:created|added))$/i.test(
    name,
  )
}

/**
 * Whether the names show who handled a record and when that was, as a pair of its own fields: `reviewedBy` with `reviewedAt`,
 * `processed_by_id` with `processed_on`. Who changed it last is then the same person.
 */
export function showsHandler({ isUser, scalarFields, relations }: CodeModel, names: Iterable<string>): boolean {
  // `blockedBy`: users are changed in many other ways.
  if (isUser) return false
  const fields = [...scalarFields, ...relations.keys()]
  return [...names].some((name) => {
    const done = HANDLED_BY.exec(name)?.[1]?.toLowerCase()
    if (done === undefined || !PARTICIPLE.test(done) || BEGINS_OR_ENDS.test(done) || !fields.includes(name))
      return false
    return fields.some((each) => HANDLED_AT.exec(each)?.[1]?.toLowerCase() === done)
  })
}

const HANDLED_BY = /^(\w+?)_?by(?:_?(?:user|admin|staff))?(?:_?id)?$/i
const HANDLED_AT = /^(\w+?)_?(?:at|on|date)$/i

/** Regular ones, and those of the irregular verbs that applications have. */
const PARTICIPLE = /(?:ed|paid|done|made|sent|taken|given|seen|written|chosen|held|met|read|withdrawn|drawn|undone)$/

/** Who made a record, or took it away for good or for a while, is not who changes it otherwise. */
const BEGINS_OR_ENDS =
  /(?:creat|add|insert|upload|submitt?|request|report|register|post|delet|remov|archiv|block|bann|suspend|lock|disabl|deactivat|invit|import|book|order)ed$/

/** A name by which people know a record. */
export function isName(name: string): boolean {
  return /^(?:[a-z_]*_?name|title|email|label|subject|login)$/i.test(name)
}

/** A password, a token or similar. */
export function isSecret(name: string): boolean {
  return (
    !/(?:Enabled|Required|At|Count|Limit|Id)$|^(?:partial|masked|last4)/.test(name) &&
    /password|passwd|secret|hash|salt|token|(?:private|api|stream|access|signing|webhook)_?key|credential|twoFactor|otp/i.test(
      name,
    )
  )
}

/** An email address counts only next to other names: a reader of a record need not learn how to write to its editor. */
export function shownFields<Field extends { readonly name: string }>(
  fields: readonly Field[],
  showsAddresses: boolean,
): readonly Field[] {
  const shown = fields.filter(({ name }) => showsAddresses || name !== 'email')
  return shown.length > 0 ? shown : fields
}
