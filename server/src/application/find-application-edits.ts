import type { Policy } from '../audit-fields/policy'
import type { ModelAuditField } from '../audit-fields/present-fields'
import type { Position, SchemaModel } from '../schema/model'
import { findInterfaceEdits } from './interface-edits'
import type { ApplicationEdit, FoundEdits, ModelAddition, SourceText } from './model'
import { modelAdditions } from './model-additions'
import { mentionsModel } from './mentions-model'
import { parseSource } from './parse-source'
import { findSelectEdits } from './select-edits'

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
    const positionAt = positionsIn(file.text)
    for (const { start, end, newText, title } of [...found.edits].sort((a, b) => a.start - b.start)) {
      edits.push({ file: file.path, range: { start: positionAt(start), end: positionAt(end) }, newText, title })
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

/** Lines end as LSP ends them: at `\n`, `\r\n` and a lone `\r`. */
function positionsIn(text: string): (offset: number) => Position {
  const lineStarts = [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), (match) => match.index + match[0].length)]
  return (offset) => {
    let low = 0
    let high = lineStarts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low, character: offset - (lineStarts[low] ?? 0) }
  }
}
