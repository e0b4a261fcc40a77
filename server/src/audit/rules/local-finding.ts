import { inPlainEnglish, type Phrase } from '../../text/phrase'
import type { Range } from '../../schema/model'
import type { ExpectedTable } from '../../expected/model'
import type { Finding } from '../finding'

/** A finding of a block, with its range relative to the block, so that it stays valid when the block moves. */
export type LocalFinding = Omit<Finding, 'file' | 'range'> & { readonly range: Range }

/** What a rule sets; everything else is null. */
export type FindingParts = Pick<Finding, 'code' | 'severity'> & {
  readonly message: Phrase
  readonly range: Range
} & Partial<Omit<Finding, 'file' | 'range' | 'message' | 'phrase'>>

export function localFinding({ message, ...parts }: FindingParts): LocalFinding {
  return {
    model: null,
    field: null,
    schemaName: null,
    table: null,
    column: null,
    object: null,
    expected: null,
    actual: null,
    ...parts,
    ...said(message),
  }
}

/** The message in English, and its phrase for an editor in another language. */
export function said(message: Phrase): Pick<Finding, 'message' | 'phrase'> {
  return { message: inPlainEnglish(message), phrase: message }
}

/** A finding about a model's table or a part of it, at the table's range unless the rule sets another. */
export function tableFinding(
  { table, schemaName }: { readonly table: ExpectedTable; readonly schemaName: string | null },
  parts: Omit<FindingParts, 'range'> & { readonly range?: Range },
): LocalFinding {
  return localFinding({
    model: table.model,
    field: table.relationField,
    schemaName,
    table: table.name,
    range: table.range,
    ...parts,
  })
}
