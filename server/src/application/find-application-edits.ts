import type { Policy } from '../audit-fields/policy'
import type { ModelAuditField } from '../audit-fields/present-fields'
import type { SchemaModel } from '../schema/model'
import { findInterfaceEdits } from './interface-edits'
import type { ApplicationEdit, FoundEdits, ModelAddition, SourceText } from './model'
import { modelAdditions } from './model-additions'
import { mentionsModel } from './mentions-model'
import { parseSource } from './parse-source'
import { findSelectEdits } from './select-edits'
import { TextPlaces } from './text-places'

interface ApplicationQuestion {
  readonly files: readonly SourceText[]
  /** Before or after the audit fields were written into it; both give the same edits. */
  readonly schema: SchemaModel
  readonly policy: Policy
  /** The fields that the models have got: a plan's additions, or all that the policy requires. */
  readonly additions: readonly ModelAuditField[]
}

export interface ApplicationAnswer {
  /** By file, in the order given, and by place. They do not overlap. */
  readonly edits: readonly ApplicationEdit[]
  /** Places that a person should look at, each as `file:line: sentence`. */
  readonly notes: readonly string[]
}

/**
 * Finds where the application's TypeScript lacks the added audit fields: in the `select` of Prisma Client calls on the
 * model, and in interfaces and object types that mirror it. What is there already is not proposed again. Pure and
 * total: a file that does not parse becomes a note.
 */
export function findApplicationEdits(question: ApplicationQuestion): ApplicationAnswer {
  const additions = modelAdditions(question.schema, question.policy, question.additions)
  const edits: ApplicationEdit[] = []
  const notes: string[] = []
  for (const file of question.files) {
    if (!mentionsModel(file.text, question.additions)) continue
    const found = findInFile(file, additions)
    const places = new TextPlaces(file.text)
    for (const { start, end, newText, title } of [...found.edits].sort((a, b) => a.start - b.start)) {
      edits.push({
        file: file.path,
        range: { start: places.positionAt(start), end: places.positionAt(end) },
        newText,
        title,
      })
    }
    notes.push(...found.notes.map((note) => `${file.path}:${note}`))
  }
  return { edits, notes }
}

function findInFile(file: SourceText, additions: readonly ModelAddition[]): FoundEdits {
  const parsed = parseSource(file)
  if (parsed.program === null) return { edits: [], notes: [`${String(parsed.line)}: not read, since ${parsed.reason}`] }
  const found = [
    findSelectEdits(file.text, parsed.program, additions),
    findInterfaceEdits(file.text, parsed.program, additions),
  ]
  return { edits: found.flatMap(({ edits }) => edits), notes: found.flatMap(({ notes }) => notes) }
}
