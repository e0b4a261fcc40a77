import type { SchemaError } from '../schema/validation/new-schema-errors'
import { lineOf, type SafeLine } from '../text/safe-text'
import type { Translate } from '../text/translate'

/** Why an edit was not applied. */
export function rejection(t: Translate, { message }: SchemaError): SafeLine {
  return lineOf(t('Prisma would reject the schema: {0}', message))
}
