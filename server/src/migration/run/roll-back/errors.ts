import { AuditError } from '../../../errors'
import { allOf, phrase, oneByOne, type Phrase } from '../../../text/phrase'

export function columnsAreInUse(dependents: readonly string[]): AuditError {
  return new AuditError('columns-in-use', {
    what: phrase`Cannot roll back. Nothing was changed.`,
    why: phrase`Other objects depend on its columns: ${dependents.join('; ')}.`,
    nextStep: phrase`Drop or change them first: Prisma Audit drops only what it created. Then roll back again.`,
  })
}

export function dataWouldBeLost(held: readonly Phrase[]): AuditError {
  return new AuditError(DATA_WOULD_BE_LOST, {
    what: phrase`Cannot roll back. Nothing was changed.`,
    why: phrase`Data that was written since would be lost: ${oneByOne(held)}.`,
    nextStep: phrase`Save what you need, then run: prisma-audit rollback --drop-data.`,
  })
}

export const DATA_WOULD_BE_LOST = 'data-would-be-lost'

export function valuesCannotBePreserved(columns: readonly string[]): AuditError {
  return new AuditError(VALUES_CANNOT_BE_PRESERVED, {
    what: phrase`The values of ${allOf(columns)} would be lost. Nothing was changed.`,
    why: phrase`The application has written them since, and they cannot be preserved: the table has no primary key, or the role cannot create the schema prisma_audit_kept.`,
    nextStep: phrase`Add a primary key to the table, grant CREATE on the database to the role, or drop the values (--drop-data); then roll back again.`,
  })
}

/** The code of the refusal that a caller may ask the user about. */
export const VALUES_CANNOT_BE_PRESERVED = 'values-cannot-be-kept'

/** `renamed`: `the table "public"."Lead" is "public"."Prospect" now`. */
export function objectsRenamed(renamed: readonly Phrase[]): AuditError {
  return new AuditError('objects-renamed', {
    what: phrase`The migration was not rolled back. Nothing was changed.`,
    why: phrase`Objects that it changed were renamed or moved since: ${oneByOne(renamed)}.`,
    nextStep: phrase`Rename or move them back for the rollback (ALTER TABLE, INDEX, TRIGGER … RENAME, SET SCHEMA), then roll back again.`,
  })
}
