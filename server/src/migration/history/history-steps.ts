import type { MigrationFolder, Plan, Step } from '../model'
import { renderDownScript } from '../render/down-script'
import { renderVerifyScript } from '../render/verify-script'
import { nameFolders, wordOf } from './folder-names'
import { groupSteps } from './group-steps'
import { renderMigrationSql, type MigrationPart } from './migration-sql'
import { MIGRATION_FILE, recordStep } from './record-step'
import { asInHistory, explanationInHistory, refuseLargeTables, smallTablesOf, type SmallTables } from './small-tables'

export interface HistoryContext {
  readonly now: Date
  /** The last existing migration name, on disk or in the database; null if there is none. */
  readonly newest: string | null
  /** Of `_prisma_migrations`. */
  readonly schema: string
  /** See `unqualify`. */
  readonly leaveOut: string | null
}

/**
 * The steps of a plan and, after each group that makes a folder of Prisma's history, the steps that record it. A
 * complete run leaves a complete history, and an interrupted one a history of what was done so far.
 */
export function withHistorySteps(plan: Pick<Plan, 'steps' | 'checks' | 'tableBytes'>, context: HistoryContext): Step[] {
  const small = smallTablesOf(plan)
  const original = new Map(plan.steps.map((step) => [step.id, step]))
  const groups = groupSteps(plan.steps.map((step) => asInHistory(step, small))).map((written) => ({
    steps: written.map((step) => original.get(step.id) ?? step),
    drafts: draftsOf(written, context, small),
  }))
  const drafts = groups.flatMap((group) => group.drafts)
  const names = nameFolders(
    drafts.map(({ word }) => word),
    context,
  )
  let position = 0
  return groups.flatMap((group, index) => {
    const isLast = index === groups.length - 1
    const checks = isLast ? plan.checks : group.steps.flatMap((step) => step.verify)
    const beside = {
      'down.sql': renderDownScript({ steps: group.steps }),
      'verify.sql': renderVerifyScript({ checks }),
    }
    const records = group.drafts.map(({ migrationSql }) => {
      const name = names[position++] ?? ''
      return recordStep({ name, files: { [MIGRATION_FILE]: migrationSql, ...beside } }, context.schema)
    })
    return [...group.steps, ...records]
  })
}

/** The folders of the steps that record them, in their order. */
export function foldersOf(steps: readonly Step[]): MigrationFolder[] {
  return steps.flatMap(({ folder }) => (folder === undefined ? [] : [folder]))
}

interface Draft {
  readonly word: string
  readonly migrationSql: string
}

/**
 * One; or, for a step outside a transaction, one per statement. None for steps without a statement: they concern only
 * the rows of this database.
 */
function draftsOf(given: readonly Step[], { leaveOut }: HistoryContext, small: SmallTables): Draft[] {
  const steps = given.filter(({ up }) => up.length > 0)
  if (steps.length === 0) return []
  const word = wordFor(steps)
  const parts = steps.map((step): MigrationPart => ({
    title: step.title,
    explanation: explanationInHistory(step),
    statements: step.up,
  }))
  const [first] = steps
  if (first === undefined || first.transaction === 'own') {
    return [
      {
        word,
        migrationSql: renderMigrationSql(parts, { leaveOut, alone: false, first: refuseLargeTables(steps, small) }),
      },
    ]
  }
  return parts.flatMap((part) =>
    part.statements.map((statement) => ({
      word,
      migrationSql: renderMigrationSql([{ ...part, statements: [statement] }], { leaveOut, alone: true }),
    })),
  )
}

/** The word for a group in a folder's name. */
function wordFor(steps: readonly Step[]): string {
  const [first] = steps
  if (first !== undefined && first.transaction !== 'own') {
    return wordOf(`${first.kind}_${first.object ?? first.table}`) || wordOf(first.kind)
  }
  const kinds = [...new Set(steps.map((step) => step.kind))].filter((kind) => kind !== 'precondition')
  const kind = MOST_TELLING.find((candidate) => kinds.includes(candidate)) ?? kinds[0] ?? 'precondition'
  return wordOf(steps.filter((step) => step.kind === kind).length > 1 ? `${kind}s` : kind)
}

const MOST_TELLING = ['add-column', 'create-trigger'] as const
