import { AuditError } from '../errors'
import { DATA_WOULD_BE_LOST } from '../migration/run/errors'
import { rollBack } from '../migration/run/roll-back'
import type { RollbackResult } from '../migration/run/roll-back'
import type { Project } from '../project/project'
import { auditFieldRemovals } from '../schema/edits/audit-field-removals'
import { historyTarget } from './history'
import type { CommandOutcome, Interaction } from './interaction'

/** Takes back, newest first, what our runs made in the database, and the fields that they wrote into the schema. */
export async function rollBackCommand(
  project: Project,
  interaction: Interaction,
  options: RollBackOptions = { dropData: false },
): Promise<CommandOutcome> {
  const schema = project.requireSchema()
  const { policy } = project
  const { label, migrationUrl } = await project.databaseUrl()
  const answer = await interaction.confirm({
    message: `Roll the migration back on ${label}?`,
    detail:
      'The audit columns with their values, and the triggers, keys and indexes that Prisma Audit made are dropped, and ' +
      'their fields are taken out of the schema. Nothing else is touched.',
    choices: [{ id: 'roll-back', label: 'Roll Back' }],
    yes: 'roll-back',
  })
  if (answer !== 'roll-back') return { status: 'cancelled', message: 'Nothing was changed.' }
  const history = await historyTarget(project, interaction)
  const undo = (dropData: boolean) =>
    rollBack({
      url: migrationUrl,
      history,
      signal: interaction.signal,
      dropData,
      onWait: (holder) => interaction.progress(`Waiting for ${holder}`),
      onProgress: ({ title, index, count }) =>
        interaction.progress(`Undo: ${title}`, (100 * index) / Math.max(1, count)),
    })
  const result = await undo(options.dropData).catch(async (error: unknown) => {
    if (!(error instanceof AuditError) || error.code !== DATA_WOULD_BE_LOST) throw error
    if (!(await choosesToDrop(interaction, error))) throw error
    return await undo(true)
  })
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
      `Schema: removed ${fields.join(', ')}. Generate Prisma Client again; the application's code is left as it is.`,
    )
  }
  if (result.undone.length === 0) return { status: 'done', message: 'There is nothing to roll back.' }
  return { status: 'done', message: `Rolled back: ${result.undone.length} steps undone.` }
}

export interface RollBackOptions {
  /** Let values go that were written since into tables and columns that are dropped. */
  readonly dropData: boolean
}

/** Nothing that `--yes` stands for: values that are dropped are gone. */
async function choosesToDrop(interaction: Interaction, error: AuditError): Promise<boolean> {
  const answer = await interaction.confirm({
    message: 'Drop the data too?',
    detail: `${error.why}\nNothing was changed yet. ${error.nextStep}\nWhat is dropped can only come back from a backup.`,
    choices: [{ id: 'drop-data', label: 'Drop the Data' }],
    yes: null,
  })
  return answer === 'drop-data'
}

function renderRollback(result: RollbackResult): string {
  return [
    'Rollback',
    ...result.undone.map((title) => `  undone   ${title}`),
    ...result.kept.map((title) => `  kept     ${title}`),
    ...result.remaining.map((title) => `  not yet  ${title}`),
  ].join('\n')
}
