import assert from 'node:assert/strict'
import { lintMigration } from '../../../server/src/lint/lint-migration'
import { NOTHING_KNOWN, type LintEdit, type LintFinding, type LintOptions } from '../../../server/src/lint/model'
import { parseScript } from '../../../server/src/lint/parse/parse-script'
import { loadSqlParser, type SqlParser } from '../../../server/src/lint/parse/sql-parser'

export interface Linter {
  /** The findings of a script, as Prisma would run it where nothing else is said. */
  readonly lint: (sql: string, options?: Partial<LintOptions>) => LintFinding[]
  /** Holds the codes of the findings, in the order of the script, against what is expected. */
  readonly check: (sql: string, expected: readonly string[], options?: Partial<LintOptions>) => void
  /** The script after the only fix that there is of a code. */
  readonly fixed: (sql: string, code: string, options?: Partial<LintOptions>) => string
  readonly parse: (sql: string) => ReturnType<typeof parseScript>
}

/** For the top of a `describe`: the parser is loaded before its first test. */
export function useLinter(): Linter {
  let parser: SqlParser | null = null
  before(async () => {
    parser = await loadSqlParser()
  })
  const loaded = (): SqlParser => {
    if (parser === null) throw new Error('The parser is there in tests and hooks only.')
    return parser
  }
  const lint: Linter['lint'] = (sql, options = {}) =>
    lintMigration(parseScript(sql, loaded()), { ...NOTHING_KNOWN, ...options })
  return {
    lint,
    check(sql, expected, options) {
      const codes = lint(sql, options).map(({ code }) => code)
      assert.deepEqual(codes, expected, sql)
    },
    fixed(sql, code, options) {
      const fixes = lint(sql, options).flatMap((finding) => (finding.code === code ? (finding.fix ?? []) : []))
      assert.equal(fixes.length, 1, `one fix for ${code} in: ${sql}`)
      return applyLintEdits(sql, fixes[0]!.edits)
    },
    parse: (sql) => parseScript(sql, loaded()),
  }
}

/** A table that is there already, as a schema of Prisma's has it. */
export const LEAD =
  'CREATE TABLE "Lead" ("id" SERIAL NOT NULL, "email" TEXT NOT NULL, CONSTRAINT "Lead_pkey" PRIMARY KEY ("id"));\n'

/** Psql runs each statement by itself. */
export const PSQL: Partial<LintOptions> = { runner: 'psql' }

function applyLintEdits(text: string, edits: readonly LintEdit[]): string {
  return [...edits]
    .sort((left, right) => right.start - left.start)
    .reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text)
}
