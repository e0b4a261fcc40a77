import type { DatabaseModel } from '../../database/model'
import type { Plan, Step } from '../model'
import { lintMigration } from '../../lint/lint-migration'
import { NOTHING_KNOWN, type LintFinding } from '../../lint/model'
import { parseOneByOne, parseScript } from '../../lint/parse/parse-script'
import type { SqlParser } from '../../lint/parse/sql-parser'

/** A finding in the SQL of a plan. */
export interface PlanLintFinding extends Pick<LintFinding, 'code' | 'severity' | 'message' | 'advice' | 'phrases'> {
  /** The `id` of the step. */
  readonly step: string
}

/** Lints what a plan would run, each step in its own transaction or in none. */
export function lintPlan(
  plan: Pick<Plan, 'steps'>,
  parser: SqlParser,
  facts: { readonly database: DatabaseModel | null; readonly trustSizes: boolean },
): PlanLintFinding[] {
  const ends: { readonly end: number; readonly step: Step }[] = []
  let text = ''
  for (const step of plan.steps) {
    text += sqlOf(step)
    ends.push({ end: text.length, step })
  }
  const script = text.length > HELD_WHOLE ? parseOneByOne(text, parser) : parseScript(text, parser)
  const findings = lintMigration(script, { ...NOTHING_KNOWN, ...facts, runner: 'psql' })
  let place = 0
  return findings.flatMap(({ code, severity, message, advice, phrases, span }) => {
    // Both are in the order of the text.
    while (span.start >= (ends[place]?.end ?? Infinity)) place++
    const step = ends[place]?.step
    return step === undefined ? [] : [{ step: step.id, code, severity, message, advice, phrases }]
  })
}

/** Characters, of about 300 models. Parsing one by one takes twice the time, and holds no more than one tree. */
const HELD_WHOLE = 2_000_000

function sqlOf({ leftovers, up, transaction }: Step): string {
  const statements = [...(leftovers === null ? [] : [leftovers]), ...up]
  const inTransaction = transaction === 'own' ? ['BEGIN', ...statements, 'COMMIT'] : statements
  return inTransaction.map((statement) => `${statement};\n`).join('')
}
