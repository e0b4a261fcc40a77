import { sqlComment, sqlDocument, type DataText } from '../../text/data-text'
import { searchPathStatement } from '../../database/search-path'
import type { Step } from '../model'

/** A psql script that stops at the first error and never waits long for a lock. */
export function renderScript(introduction: readonly string[], sections: readonly string[]): DataText {
  const head = [
    ...introduction.map((line) => `-- ${line}`),
    '',
    '\\set ON_ERROR_STOP on',
    '-- Give up after 5 s instead of making other sessions queue behind this one. Run the script again when it is quieter.',
    `SET lock_timeout = '5s';`,
    '-- Fail instead of skipping rows that row-level security hides from this role.',
    'SET row_security = off;',
    ...SAFE_PATH,
    '-- No notices about objects that already exist: the script can be run again.',
    'SET client_min_messages = warning;',
  ].join('\n')
  const nothing = '-- Nothing to do.'
  return sqlDocument(`${[head, ...(sections.length === 0 ? [nothing] : sections)].join('\n\n')}\n`)
}

/** For psql, whose session has the search path of the role that runs the script. */
export const SAFE_PATH: readonly string[] = [
  "-- Look up names in pg_catalog only, so that no other object can take the place of PostgreSQL's own.",
  `${searchPathStatement('SET', null)};`,
]

const LOOKS_UP = '-- Names in expressions of the Prisma schema and the policy are also looked up in this schema.'

export interface Section {
  readonly step: Step
  readonly number: number
  readonly title: string
  readonly explanation: string
  readonly statements: readonly string[]
  /** See `Step`. */
  readonly leftovers: string | null
}

export function renderSection({ step, number, title, explanation, statements, leftovers }: Section): string {
  const lines = [`-- ${number}. ${sqlComment(title)}.`, `-- ${explanation}`]
  if (leftovers !== null) {
    lines.push('-- An interrupted build leaves an invalid index, and IF NOT EXISTS would skip it. Drop it first.')
    lines.push(`${leftovers}\n\\gexec`)
  }
  // CREATE INDEX CONCURRENTLY waits for old transactions without blocking anyone, so it may take long.
  const patient = step.transaction === 'none'
  if (patient) lines.push('SET lock_timeout = 0;')
  const { lookupSchema = null } = step
  const scope = step.transaction === 'own' ? 'SET LOCAL' : 'SET'
  if (step.transaction === 'own') lines.push('BEGIN;')
  if (lookupSchema !== null) lines.push(LOOKS_UP, `${searchPathStatement(scope, lookupSchema)};`)
  lines.push(...statements.map((statement) => `${statement};`))
  if (lookupSchema !== null && scope === 'SET') lines.push(`${searchPathStatement(scope, null)};`)
  if (step.transaction === 'own') lines.push('COMMIT;')
  if (patient) lines.push(`SET lock_timeout = '5s';`)
  return lines.join('\n')
}
