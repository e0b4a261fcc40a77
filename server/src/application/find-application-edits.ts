import type { Policy } from '../audit-fields/policy'
import type { ModelAuditField } from '../audit-fields/present-fields'
import type { SchemaModel } from '../schema/model'
import { ApplicationIndex } from './application-index'
import type { ApplicationEdit, SourceText } from './model'
import { codeModels } from './model-additions'

interface ApplicationQuestion {
  readonly files: readonly SourceText[]
  /** Before or after the audit fields were written into it; both give the same edits. */
  readonly schema: SchemaModel
  readonly policy: Policy
  /** The fields that the models have got: a plan's additions, or all that the policy requires. */
  readonly additions: readonly ModelAuditField[]
  /** The application's folder, whose own path says nothing of the files in it; empty where paths are relative. */
  readonly root?: string
  /** Also the places that would be left out: a rollback looks everywhere. */
  readonly withUnlikely?: boolean
}

export interface ApplicationAnswer {
  /** By file, in the order given, and by place. They do not overlap. */
  readonly edits: readonly ApplicationEdit[]
  /** Places that a person should look at, each as `file:line: sentence`. */
  readonly notes: readonly string[]
}

/**
 * Finds where the application's TypeScript lacks the added audit fields: selects of Prisma Client, and types, classes and
 * validation that mirror a model; and what no longer compiles. Pure and total: a file that does not parse becomes a note.
 */
export function findApplicationEdits(question: ApplicationQuestion): ApplicationAnswer {
  const models = codeModels(question.schema, question.policy, question.additions)
  const index = new ApplicationIndex(models, question.root ?? '')
  for (const { path, text } of question.files) index.update(path, text)
  return index.answer(question.withUnlikely)
}
