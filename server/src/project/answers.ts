import { modelsOf } from '../schema/lookup'
import type { SchemaModel } from '../schema/model'
import type { ExternalNames } from '../audit/database-index'
import type { FileFindings } from '../audit/finding'
import type { DatabaseModel } from '../database/model'
import type { LiveDatabase } from './live-database'
import type { ProjectLocation } from './model'
import type { PolicyFile } from './policy-file'
import { questionOf, readSavedFindings, saveFindings, type Answer, type Question } from './saved-findings'
import type { SchemaSource } from './schema-source'

/** What an answer is computed from. */
export interface AnswerInputs {
  readonly location: ProjectLocation
  readonly live: LiveDatabase
  readonly source: SchemaSource
  readonly policyFile: PolicyFile
  readonly external: ExternalNames
  readonly reportsSyntax: boolean
  /** The findings with this database. */
  readonly answerFrom: (database: DatabaseModel) => Answer
}

/**
 * The findings of a project and its database. If neither has changed since the last check on this machine, these are
 * the cached findings: only the catalog's fingerprint is queried, and no schema is parsed.
 */
export async function answerWithSaved(inputs: AnswerInputs, signal: AbortSignal): Promise<Answer> {
  const { live, source, policyFile } = inputs
  live.connectAhead()
  const question = await questionFor(inputs)
  const saved = readSavedFindings(question)
  if (saved !== null && (await live.isStill(saved.fingerprint, signal))) return saved.answer
  // Only answers with a valid policy are cached.
  policyFile.refuseInvalid()
  const answer = inputs.answerFrom(await live.read(signal, () => source.parseAhead(), true))
  save(question, inputs)
  return answer
}

/** All findings with a database. */
export function answerOf(
  { name, serverVersion, tables }: DatabaseModel,
  schema: SchemaModel,
  files: readonly FileFindings[],
): Answer {
  return { database: { name, serverVersion, tables: tables.length }, models: modelsOf(schema).length, files }
}

function save(question: Question, { live: { snapshot }, policyFile, answerFrom }: AnswerInputs): void {
  if (!snapshot?.fingerprint || policyFile.reading.problems.length > 0) return
  saveFindings(question, { answer: answerFrom(snapshot.database), fingerprint: snapshot.fingerprint })
}

async function questionFor(inputs: AnswerInputs): Promise<Question> {
  const { location, live, source, policyFile, external, reportsSyntax } = inputs
  const { label, schemas, defaultSchema } = await live.place()
  const policy = policyFile.text
  return questionOf(
    [location.schemaPath, label],
    [
      JSON.stringify([schemas, defaultSchema, external, reportsSyntax]),
      ...(policy === null ? ['no policy'] : ['policy', location.policyPath, policy]),
      ...source.sources.flatMap(({ path: file, text }) => [file, text.toString()]),
    ],
  )
}
