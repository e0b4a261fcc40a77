import type { Step } from '../model'
import { renderUpScript } from '../render/up-script'
import { STEP_KINDS } from '../step-kinds'
import { nameFolders } from './folder-names'
import { groupSteps } from './group-steps'
import type { HistoryContext } from './history-steps'
import { renderMigrationSql } from './migration-sql'
import { MIGRATION_FILE, recordStep } from './record-step'
import { asInHistoryBackwards } from './small-tables'

/**
 * The steps that record the rollback in Prisma's history. An applied migration can never be marked as rolled back
 * there, so a new migration does the reverse, newest first. `steps` are in the order in which they were applied. Empty
 * if there is nothing to undo.
 */
export function rollBackRecords(steps: readonly Step[], context: HistoryContext): Step[] {
  const backwards = [...steps].reverse().filter((step) => step.down.length > 0)
  const groups = groupSteps(backwards.map((step) => asInHistoryBackwards({ ...step, up: step.down, scans: false })))
  const drafts = groups.flatMap((group) => {
    const alone = group.some((step) => step.transaction !== 'own')
    const parts = group.map((step) => ({
      title: `Undo: ${step.title}`,
      explanation:
        step.kind === 'create-index'
          ? 'Dropping an index is fast, and the transaction locks the table anyway.'
          : STEP_KINDS[step.kind].whyBack,
      statements: step.up,
    }))
    const files = alone
      ? parts.flatMap((part) => part.statements.map((statement) => [{ ...part, statements: [statement] }]))
      : [parts]
    const originals = steps.filter((step) => group.some(({ id }) => id === step.id))
    return files.map((file) => ({
      [MIGRATION_FILE]: renderMigrationSql(file, { leaveOut: context.leaveOut, alone }),
      'down.sql': renderUpScript({ steps: originals }),
    }))
  })
  const names = nameFolders(
    drafts.map(() => 'roll_back'),
    context,
  )
  return drafts.map((files, index) => recordStep({ name: names[index] ?? '', files }, context.schema, ROLL_BACK_RECORD))
}

/** The beginning of the identifiers of these steps in the journal. */
export const ROLL_BACK_RECORD = 'record-roll-back'
