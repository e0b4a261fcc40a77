import { phrase } from '../../../text/phrase'
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { AUDIT_FIELDS } from '../../../audit-fields/kinds'
import { SCHEMA_PARTS } from '../../../audit-fields/edits/audit-field-plan'
import type { AuditAddition, Step } from '../../model'
import { journalUnreadable } from '../own-schemas/errors'
import { rebuildFormerSteps } from './former-step'
import { action, name } from './parameters'
import { rebuildSteps } from './rebuild-step'

export interface StoredRow {
  readonly run_id: string
  readonly position: number
  readonly definition: string
  readonly checksum: string
  readonly filled: readonly string[] | null
  readonly isFormer: boolean
}

/** The steps of a journal, rebuilt in the order of the rows. Rejects with `journal-unreadable`. */
export async function readStoredSteps(rows: readonly StoredRow[]): Promise<Step[]> {
  const labelled = rows.map((row) => {
    const label = phrase`Step ${row.position} of run ${row.run_id}`
    if (row.position < 1 || row.filled === null) throw journalUnreadable(phrase`${label} has an unknown format.`)
    const checksum = createHash('sha256').update(row.definition).digest('hex')
    if (checksum !== row.checksum) throw journalUnreadable(phrase`${label} was changed after it was written.`)
    return { label, definition: row.definition, isFormer: row.isFormer }
  })
  const known = await rebuildSteps(labelled.filter(({ isFormer }) => !isFormer))
  const former = await rebuildFormerSteps(labelled.filter(({ isFormer }) => isFormer))
  const [nextKnown, nextFormer] = [known.values(), former.values()]
  return labelled.flatMap(({ isFormer }) => (isFormer ? nextFormer : nextKnown).next().value ?? [])
}

/** The audit fields that a run added: what a rollback removes from the schema. */
export function readAdditions(runId: string, stored: unknown): readonly AuditAddition[] {
  const parsed = additionsSchema.safeParse(stored)
  if (!parsed.success) throw journalUnreadable(phrase`The fields of run ${runId} have an unknown format.`)
  return parsed.data.map(({ schemaLacks, inDatabase, ...addition }) => ({
    ...addition,
    // Earlier versions only recorded whether the field itself was missing.
    schemaLacks: schemaLacks ?? (addition.missingIn === 'database' ? [] : SCHEMA_PARTS),
    inDatabase: inDatabase ?? { column: addition.column, nullable: true, indexName: null, foreignKey: null },
  }))
}

const additionsSchema = z
  .array(
    z.object({
      model: name,
      field: z.enum(AUDIT_FIELDS),
      schema: name,
      table: name,
      column: name,
      missingIn: z.enum(['schema', 'database', 'both']),
      schemaLacks: z.array(z.enum(SCHEMA_PARTS)).max(SCHEMA_PARTS.length).optional(),
      inDatabase: z
        .object({
          column: name,
          nullable: z.boolean(),
          indexName: name.nullable(),
          foreignKey: z.object({ name, onDelete: action, onUpdate: action }).nullable(),
        })
        .optional(),
    }),
  )
  .max(100_000)
