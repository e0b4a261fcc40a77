import type { Policy } from '../audit-fields/policy'
import type { ModelAuditField } from '../audit-fields/present-fields'
import type { SchemaModel } from '../schema/model'
import { ApplicationIndex } from './application-index'
import type { ApplicationAnswer, CodeModels, SourceText } from './model'
import { codeModels } from './model-additions'

export interface ApplicationQuestion {
  readonly files: readonly SourceText[]
  /** Before or after the audit fields were written into it; both give the same edits. */
  readonly schema: SchemaModel
  readonly policy: Policy
  /** The fields that the models have got: a plan's additions, or all that the policy requires. */
  readonly additions: readonly ModelAuditField[]
}

/**
 * Finds where the application's TypeScript lacks the added audit fields: selects of Prisma Client, and types, classes and
 * validation that mirror a model; and what no longer compiles. Pure and total: a file that does not parse becomes a note.
 */
export function findApplicationEdits({ files, schema, policy, additions }: ApplicationQuestion): ApplicationAnswer {
  return editsOfFiles(files, codeModels(schema, policy, additions), { root: '', withUnlikely: false })
}

/**
 * The same where what the schema says is made out already. `root` is the application's folder, whose own path says nothing
 * of the files in it; `withUnlikely` answers what would be left out, too, since a rollback looks everywhere.
 */
export function editsOfFiles(
  files: readonly SourceText[],
  models: CodeModels,
  { root, withUnlikely }: { readonly root: string; readonly withUnlikely: boolean },
): ApplicationAnswer {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  const index = new ApplicationIndex(models, root, (path) => texts.get(path) ?? null)
  for (const { path, text } of files) index.update(path, text)
  return index.answer(withUnlikely)
}
