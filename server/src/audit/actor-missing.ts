import { phrase } from '../text/phrase'
import type { Finding } from './finding'
import { said } from './rules/local-finding'
import { placesIn } from './policy-findings'

/** Where the policy asks for fields of users, and what the application has for them. */
export interface ActorGap {
  /** `updatedById`. */
  readonly fieldNames: readonly string[]
  /** The module that Prisma Audit wrote, which no client uses, as a person reads its path; null where there is none. */
  readonly module: string | null
}

/** `actor-missing`: nothing in the application fills the fields that the policy asks for. On the policy's rules. */
export function actorMissing(
  { fieldNames, module }: ActorGap,
  policy: { readonly path: string; readonly text: string | null },
): Finding {
  const text = policy.text ?? ''
  const fields = fieldNames.join(', ')
  return {
    code: 'actor-missing',
    severity: 'information',
    ...said(
      module === null
        ? phrase`No application code fills ${fields}. "prisma-audit actor" writes a module that does.`
        : phrase`No Prisma client uses ${module}, so no code fills ${fields}. Create the client with withAuditFields(…).`,
    ),
    ...{ model: null, field: null, schemaName: null, table: null, column: null, object: null },
    ...{ expected: null, actual: null, file: policy.path },
    range: placesIn(text)(Math.max(0, text.indexOf('"rules"'))),
  }
}
