import { AUDIT_FIELD_KINDS, type AuditField, type FieldPolicies } from './kinds'

/** Which models must have which audit fields: the trusted form of `prisma-audit.json`, every default filled in. */
export interface Policy {
  /** The model of the users that the fields of users refer to. */
  readonly userModel: string
  readonly rules: readonly PolicyRule[]
  readonly fields: FieldPolicies
}

export interface PolicyRule {
  /** Names and globs of models; `!` excludes. */
  readonly models: readonly string[]
  readonly require: readonly AuditField[]
}

/** What a project without a word about it gets; also what `{}` parses to. */
export const DEFAULT_POLICY: Policy = {
  userModel: 'User',
  rules: [],
  fields: Object.fromEntries(
    AUDIT_FIELD_KINDS.map(({ name, defaults }) => [name, defaults]),
  ) as unknown as FieldPolicies,
}
