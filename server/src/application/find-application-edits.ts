import type { Policy } from '../audit-fields/policy'
import type { ModelAuditField } from '../audit-fields/present-fields'
import type { SchemaModel } from '../schema/model'
import { ApplicationIndex } from './application-index'
import type { ApplicationAnswer, CodeModels, SourceText } from './model'
import { codeModels } from './model-additions'

export interface ApplicationQuestion {
  readonly files: readonly SourceText[]
  /** Before or after the audit fields are added to it; both give the same edits. */
  readonly schema: SchemaModel
  readonly policy: Policy
  /** The added fields: a plan's additions, or everything that the policy requires. */
  readonly additions: readonly ModelAuditField[]
}

/**
 * Finds where the application's code lacks the added audit fields: in selects of Prisma Client, and in types, classes
 * and validation that mirror a model; also code that no longer compiles. Pure and total: a file that does not parse
 * becomes a note.
 */
export function findApplicationEdits({ files, schema, policy, additions }: ApplicationQuestion): ApplicationAnswer {
  return editsOfFiles(files, codeModels(schema, policy, additions), { root: '', withUnlikely: false })
}

/**
 * The same, for models that are already derived from the schema. `root` is the application's folder: its own path says
 * nothing about its files. `withUnlikely` includes edits that would be left out, because a rollback looks everywhere.
 */
export function editsOfFiles(
  files: readonly SourceText[],
  models: CodeModels,
  { root, withUnlikely }: { readonly root: string; readonly withUnlikely: boolean },
): ApplicationAnswer {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  const index = new ApplicationIndex(models, root, (path) => texts.get(path) ?? null)
  for (const { path, text } of files) index.update(path, text)
  return index.answer({ withUnlikely })
}
