import type { TimestampKind, UserKind } from './kind'
import { createdAt } from './created-at'
import { createdBy } from './created-by'
import { ownerId } from './owner-id'
import { updatedAt } from './updated-at'
import { updatedBy } from './updated-by'

/** Every kind of audit field, in the order in which they are shown and written: the only list of them. */
const KINDS = [updatedAt, updatedBy, ownerId, createdAt, createdBy] as const

type Kind = (typeof KINDS)[number]

export type AuditField = Kind['name']
export type AuditCode = Kind['code']
export type TimestampField = Extract<Kind, { readonly shape: 'timestamp' }>['name']
export type UserField = Extract<Kind, { readonly shape: 'user' }>['name']

/** The policy's settings for each, validated by its own file. */
export type FieldPolicies = {
  readonly [Each in Kind as Each['name']]: Settings<ReturnType<ReturnType<Each['validation']>['parse']>>
}

type Settings<Parsed> = {
  readonly [Key in keyof Parsed]: Parsed[Key] extends string[] ? readonly string[] : Parsed[Key]
}

/** A registered kind: its shape determines which fields it can be. */
export type AuditFieldKind =
  | (TimestampKind & { readonly name: TimestampField; readonly code: AuditCode })
  | (UserKind & { readonly name: UserField; readonly code: AuditCode })

export const AUDIT_FIELD_KINDS: readonly AuditFieldKind[] = KINDS
export const AUDIT_FIELDS: readonly AuditField[] = KINDS.map(({ name }) => name)
export const AUDIT_CODES: readonly AuditCode[] = KINDS.map(({ code }) => code)

/** If only the column of a target matters, and not which field it is. */
export const SOME_TIMESTAMP: TimestampField = updatedAt.name
export const SOME_REFERENCE: UserField = ownerId.name

const BY_NAME = new Map<string, AuditFieldKind>(AUDIT_FIELD_KINDS.map((kind) => [kind.name, kind]))
const BY_CODE = new Map<string, AuditFieldKind>(AUDIT_FIELD_KINDS.map((kind) => [kind.code, kind]))

/** The settings of a policy that defines none. */
export function defaultSettings(): FieldPolicies {
  const settings = Object.fromEntries(KINDS.map(({ name, defaults }) => [name, defaults]))
  if (!areOfEachField(settings)) throw new TypeError('A kind of audit field is not registered')
  return settings
}

/** Each entry belongs to its own kind, which TypeScript cannot infer for a list. */
function areOfEachField(settings: object): settings is FieldPolicies {
  return AUDIT_FIELDS.every((field) => field in settings)
}

/** A value for each field. */
export function eachField<Value>(valueOf: (field: AuditField) => Value): Readonly<Record<AuditField, Value>> {
  const values: Partial<Record<AuditField, Value>> = {}
  for (const field of AUDIT_FIELDS) values[field] = valueOf(field)
  if (!isWhole(values)) throw new TypeError('A kind of audit field is not registered')
  return values
}

function isWhole<Value>(values: Partial<Record<AuditField, Value>>): values is Record<AuditField, Value> {
  return AUDIT_FIELDS.every((field) => field in values)
}

export function kindOf(field: AuditField): AuditFieldKind {
  const kind = BY_NAME.get(field)
  if (kind === undefined) throw new TypeError(`${field} is not an audit field`)
  return kind
}

/** The kind whose finding has this code; undefined for any other code. */
export function kindOfCode(code: string): AuditFieldKind | undefined {
  return BY_CODE.get(code)
}

export function timestampKind(field: TimestampField): TimestampKind {
  const kind = kindOf(field)
  if (kind.shape !== 'timestamp') throw new TypeError(`${field} is not a timestamp`)
  return kind
}

export function userKind(field: UserField): UserKind {
  const kind = kindOf(field)
  if (kind.shape !== 'user') throw new TypeError(`${field} is not a reference to a user`)
  return kind
}

export function isTimestampField(field: AuditField): field is TimestampField {
  return kindOf(field).shape === 'timestamp'
}

/** The name of the trigger that a migration creates for the field; empty for a kind without one. */
export function triggerNameOf(field: AuditField, table: string): string {
  const kind = kindOf(field)
  return kind.shape === 'timestamp' ? (kind.triggerName?.(table) ?? '') : ''
}
