import assert from 'node:assert/strict'
import { compare, type ComparisonInput } from '../../../server/src/audit/compare'
import type { Finding } from '../../../server/src/audit/finding'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import type { DatabaseModel } from '../../../server/src/database/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'

export const POLICY = parsePolicy(`{ "rules": [
  { "models": ["User"], "require": ["updatedAt", "updatedBy"] },
  { "models": ["Lead"], "require": ["ownerId"] } ],
  "fields": { "updatedAt": { "index": false }, "updatedBy": { "index": false }, "ownerId": { "index": false } } }`).policy

export const BEFORE = `model User {
  id Int @id
}

model Lead {
  id Int @id
}
`

export const STAMP = 'updatedAt timestamp(3) without time zone'

export function findingsOf(
  text: string,
  database: DatabaseModel | null,
  rest: Partial<ComparisonInput> = {},
): Finding[] {
  return compare({ schema: parseSchema([{ path: 'schema.prisma', text }]), policy: POLICY, database, ...rest })
}

/** `code model.field missingIn line:character-character` */
export function brief(findings: readonly Finding[]): string[] {
  return findings.map(({ code, model, field, missingIn, range }) =>
    [
      code,
      [model, field].filter((part) => part !== null).join('.'),
      missingIn,
      `${String(range.start.line)}:${String(range.start.character)}-${String(range.end.character)}`,
    ]
      .filter((part) => part !== undefined && part !== '')
      .join(' '),
  )
}

export function check(
  text: string,
  database: DatabaseModel | null,
  expected: readonly string[],
  rest: Partial<ComparisonInput> = {},
): void {
  assert.deepEqual(brief(findingsOf(text, database, rest)), expected)
}
