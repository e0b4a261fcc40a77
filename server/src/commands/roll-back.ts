import { AuditError, describeError } from '../errors'
import { DATA_WOULD_BE_LOST, VALUES_CANNOT_BE_KEPT } from '../migration/run/errors'
import type { HistoryTarget } from '../migration/run/history'
import { rollBack } from '../migration/run/roll-back'
import type { RollbackResult } from '../migration/run/roll-back'
import type { Project } from '../project/project'
import { percentageOf, renderProgressDetail } from '../report/progress'
import { auditFieldRemovals } from '../schema/edits/audit-field-removals'
import { waitingNow, whenBlocked } from './blocked'
import { historyTarget } from './history'
import type { CommandOutcome, Interaction } from './interaction'
import { counted, nameOf } from './kept-values'
import { text, textOf, type SafeText } from '../text/safe-text'

export interface RollBackCommandOptions {
  /** True only by an explicit choice: what cannot be kept is dropped, with the values written since. */
  readonly dropData: boolean
}

/** Takes back, newest first, what our runs made in the database, and the fields that they wrote into the schema. */
export async function rollBackCommand(
  project: Project,
  interaction: Interaction,
  options: RollBackCommandOptions,
): Promise<CommandOutcome> {
  const schema = project.requireSchema()
  const { policy } = project
  const { label, migrationUrl } = await project.databaseUrl()
  const answer = await interaction.confirm({
    message: `Roll the migration back on ${label}?`,
    detail: [
      'The audit columns, triggers, keys and indexes that Prisma Audit made are dropped, and their fields are taken out of ' +
        'the schema. Values that the application has written since are kept in prisma_audit_kept.kept_value, and a new run ' +
        'offers to put them back. Nothing else is touched.',
    ],
    choices: [{ id: 'roll-back', label: 'Roll Back' }],
    yes: 'roll-back',
  })
  if (answer !== 'roll-back') return { status: 'cancelled', message: 'Nothing was changed.' }
  const result = await rollBackOrAsk(migrationUrl, interaction, options, await historyTarget(project, interaction))
  project.live.refreshSoon()
  interaction.output(renderRollback(result))
  if (result.status === 'stopped') {
    return { status: 'cancelled', message: 'Stopped. Roll back again to go on.' }
  }
  const removals = policy === null ? [] : auditFieldRemovals(schema, policy, result.schemaFields)
  if (removals.length > 0) {
    await interaction.applyEdits(removals, 'Remove the audit fields')
    const fields = result.schemaFields.map(({ model, field }) => `${model}.${field}`)
    interaction.output(
      text`Schema: removed ${fields.join(', ')}. Generate Prisma Client again; the application's code is left as it is.`,
    )
  }
  if (result.undone.length === 0) return { status: 'done', message: 'There is nothing to roll back.' }
  return { status: 'done', message: `Rolled back: ${result.undone.length} steps undone.` }
}

/** Where values would go with what is dropped, only the user can say that they may. */
async function rollBackOrAsk(
  url: string,
  interaction: Interaction,
  choices: RollBackCommandOptions,
  history: HistoryTarget,
): Promise<RollbackResult> {
  try {
    return await rollBackAs(url, interaction, choices, history)
  } catch (error) {
    if (choices.dropData || !(error instanceof AuditError) || !(await agreesToLose(interaction, error))) throw error
    return await rollBackAs(url, interaction, { dropData: true }, history)
  }
}

/** Nothing that `--yes` stands for: values that are dropped are gone. False, too, where the error is no such question. */
async function agreesToLose(interaction: Interaction, error: AuditError): Promise<boolean> {
  const question = LOSSES.find(({ code }) => code === error.code)
  if (question === undefined) return false
  const answer = await interaction.confirm({
    message: question.message,
    detail: [...describeError(error).split('\n'), 'What is dropped can only come back from a backup.'],
    choices: [{ id: 'lose', label: question.label }],
    yes: null,
  })
  return answer === 'lose'
}

const LOSSES = [
  {
    code: VALUES_CANNOT_BE_KEPT,
    message: 'Roll back and lose these values?',
    label: 'Lose the Values (--drop-data)',
  },
  {
    code: DATA_WOULD_BE_LOST,
    message: 'Drop the data too?',
    label: 'Drop the Data (--drop-data)',
  },
]

async function rollBackAs(
  url: string,
  interaction: Interaction,
  choices: RollBackCommandOptions,
  history: HistoryTarget,
): Promise<RollbackResult> {
  return await rollBack({
    url,
    ...choices,
    history,
    onWait: (holder) => interaction.progress(`Waiting for ${holder}`),
    signal: interaction.signal,
    ...whenBlocked(interaction),
    onProgress: ({ title, index, count, rowsDone, waiting }) => {
      const rows = { rowsDone, rowsTotal: null, rowsPerSecond: null, secondsLeft: null }
      const what = rowsDone === null ? `Undo: ${title}` : title
      interaction.progress(
        what,
        percentageOf(rows, index, count),
        renderProgressDetail({ ...rows, waiting: waitingNow(waiting) }),
      )
    },
  })
}

function renderRollback(result: RollbackResult): SafeText {
  return textOf([
    'Rollback',
    ...result.undone.map((title) => `  undone   ${title}`),
    ...result.keptValues.map(
      (kept) => `  kept     ${counted(kept.count)} of ${nameOf(kept)}, in prisma_audit_kept.kept_value`,
    ),
    ...result.kept.map((title) => `  kept     ${title}`),
    ...result.remaining.map((title) => `  not yet  ${title}`),
  ])
}
