import { AuditError, describeError } from '../errors'
import { DATA_WOULD_BE_LOST, VALUES_CANNOT_BE_PRESERVED } from '../migration/run/roll-back/errors'
import { rollBack, type RollbackOptions, type RollbackResult } from '../migration/run/roll-back'
import { forgetUndoneRun } from '../migration/run/roll-back/forget-undone-run'
import {
  describeRun,
  journalLeft,
  readIntent,
  withoutUndo,
  type StandingRun,
} from '../migration/run/roll-back/roll-back-progress'
import type { JournalRun } from '../migration/run/journal/journal'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import { percentageOf, renderProgressDetail } from '../report/progress'
import { presentField, type ModelAuditField } from '../audit-fields/present-fields'
import { findModel } from '../schema/lookup'
import { renewActor } from './actor'
import { offerApplicationRemovals } from './application'
import { waitingNow, whenBlocked } from './blocked'
import { RunChecklist } from './checklist'
import { historyTarget } from './history'
import type { CommandOutcome, Interaction, Question } from './interaction'
import { countedWithNulls, nameOf } from './preserved-values'
import { withTarget } from './target'
import { waitForLock } from './wait-for-lock'
import { takeBackFields, type SchemaEdit } from './take-back-fields'
import { confirmWrite, requireWritable } from './writable'
import { boundedIn } from '../text/bounded-list'
import { text, textOf, type SafeText } from '../text/safe-text'
import { inEnglish, type Translate } from '../text/translate'
import { counted } from '../text/amounts'
import { labelIn } from '../database/describe-url'
import { phraseOfTitle } from '../migration/plan/step-titles'
import { phrase, phraseIn } from '../text/phrase'

export interface RollBackCommandOptions {
  /** True only if chosen explicitly: values written since that cannot be preserved are dropped. */
  readonly dropData: boolean
  /** Offer to undo the edits of the application's code. */
  readonly application: boolean
}

/** What a rollback works on. */
type RollbackTarget = Pick<RollbackOptions, 'url' | 'schemas' | 'server' | 'agreed' | 'history' | 'onUndone'>

/** Undoes our newest migration in the database, and removes the fields that it wrote into the schema. */
export async function rollBackCommand(
  project: Project,
  interaction: Interaction,
  options: RollBackCommandOptions,
): Promise<CommandOutcome> {
  const { t, tellsIn = t } = interaction
  interaction.progress(t('Connecting to the database'))
  const found = await project.databaseTarget(interaction.signal)
  const { run, others } = await withTarget(found, interaction, (client) => readIntent(client, found))
  const standing = others.map(describeRun)
  if (run === null) {
    interaction.output(textOf(['Rollback', ...standing.map(untouched)]))
    const message =
      standing.length === 0 ? tellsIn('There is nothing to roll back.') : tellsIn('There is nothing to roll back here.')
    return { status: 'done', message }
  }
  const target = await requireWritable(project, interaction, found)
  if (target === null) return nothingChanged(tellsIn)
  const answer = await confirmWrite(interaction, target, {
    ...rollbackQuestion(t, target, { run, others }),
    choices: [{ id: 'roll-back', label: t('Roll Back') }],
    yes: 'roll-back',
  })
  if (answer !== 'roll-back') return nothingChanged(tellsIn)
  const checklist = new RunChecklist('rollback', ['undo', 'schema', 'application'], interaction)
  checklist.of(labelIn(t, target))
  try {
    const outcome = await rollBackStages(project, interaction, options, { target, run, checklist })
    checklist.close(outcome.status)
    return outcome
  } catch (error) {
    checklist.close(interaction.signal.aborted ? 'cancelled' : 'failed')
    throw error
  }
}

/** What is asked before a rollback; null if there is nothing to roll back. */
export async function findRollbackQuestion(
  interaction: Interaction,
  target: DatabaseTarget,
): Promise<RollbackQuestion | null> {
  const { run, others } = await withTarget(target, interaction, (client) => readIntent(client, target))
  return run === null ? null : rollbackQuestion(interaction.t, target, { run, others })
}

type RollbackQuestion = Pick<Question, 'message' | 'detail'>

function rollbackQuestion(
  t: Translate,
  target: DatabaseTarget,
  { run, others }: { readonly run: JournalRun; readonly others: readonly JournalRun[] },
): RollbackQuestion {
  const unchanged = others.map((other) => nameOfRun(describeRun(other), t))
  return {
    message: t('Roll the migration back on {0}?', labelIn(t, target)),
    detail: [
      describeRun(run).steps === 0
        ? t('The database is rolled back already; what is left is the schema and the code.')
        : t('{0} will be rolled back.', capitalized(nameOfRun(describeRun(run), t))),
      ...(unchanged.length === 0 ? [] : [t('Unchanged: {0}.', boundedIn(t, unchanged, 1).join(' '))]),
      t(
        'Drops the columns, triggers, foreign keys and indexes that it created, and removes their fields from the schema.',
      ),
      t('Values written since are preserved in the schema prisma_audit_kept; the next run offers to restore them.'),
    ],
  }
}

async function rollBackStages(
  project: Project,
  interaction: Interaction,
  options: RollBackCommandOptions,
  { target, run, checklist }: { target: DatabaseTarget; run: JournalRun; checklist: RunChecklist },
): Promise<CommandOutcome> {
  const { t, tellsIn = t } = interaction
  checklist.begin('undo')
  // Before its first step, a rollback of thousands looks at each for many seconds.
  interaction.progress(t('Checking what can be rolled back without losing anything'))
  const history = historyTarget(project, interaction, target)
  const schemaEdit: SchemaEdit = { hasChanged: false, said: null, failure: null }
  let isEdited = false
  const journal = { isRemembered: false }
  const onUndone = async (schemaFields: RollbackResult['schemaFields']) => {
    if (!isEdited) {
      isEdited = true
      checklist.begin('schema')
      interaction.progress(t('Writing the schema'))
      await takeBackFields(project, interaction, schemaFields, schemaEdit).catch((error: unknown) => {
        // The database is as it was before all the same.
        schemaEdit.failure = { error }
      })
    }
    // Until the schema is written and the user has decided about the code: what ends before leaves a rollback to continue.
    const { failure } = schemaEdit
    journal.isRemembered =
      failure === null
        ? options.application && goneFields(project, schemaFields).length > 0
        : failure.error instanceof AuditError
    return journal.isRemembered ? 'remember' : 'forget'
  }
  const result = await waitForLock(
    target,
    interaction,
    () =>
      rollBackOrAsk({ ...target, agreed: run, history, onUndone }, interaction, {
        dropData: options.dropData,
        checklist,
      }),
    phrase`Begin the rollback`,
  )
  project.live.refreshSoon()
  interaction.output(renderRollback(result))
  if (schemaEdit.said !== null) interaction.output(schemaEdit.said)
  if (result.status === 'stopped') {
    checklist.stepsDone(result.undone.length)
    return { status: 'cancelled', message: tellsIn('Stopped. Roll back again to continue.'), next: ['continue'] }
  }
  if (schemaEdit.failure !== null) throw schemaEdit.failure.error
  const hasChangedSchema = schemaEdit.hasChanged
  checklist.end('schema', hasChangedSchema ? 'done' : 'skipped', hasChangedSchema ? '' : t('unchanged'))
  const gone = goneFields(project, result.schemaFields)
  // A continued rollback finds the schema as it is to be, but not yet what follows from it.
  const isClientOutdated = hasChangedSchema || gone.length > 0
  const { length } = result.undone
  const undone =
    length === 1 ? tellsIn('Rolled back: 1 step undone.') : tellsIn('Rolled back: {0} steps undone.', length)
  const others = withoutUndo(run)
  const message = others === 0 ? undone : `${undone} ${tellsIn('Steps that need no undo: {0}.', others)}`
  checklist.begin('application')
  try {
    const hasChangedCode = options.application && isClientOutdated && (await takeBackCode(project, interaction, gone))
    if (journal.isRemembered) await forget(project, interaction, target, run)
    checklist.end('application', hasChangedCode ? 'done' : 'skipped', hasChangedCode ? '' : t('unchanged'))
  } catch (error) {
    if (!interaction.signal.aborted || !journal.isRemembered) throw error
    return {
      status: 'cancelled',
      message: `${message} ${tellsIn('Stopped. Roll back again to continue.')}`,
      next: ['continue'],
    }
  }
  return { status: 'done', message, next: isClientOutdated ? ['generate'] : [] }
}

/**
 * Without the fields that are gone, in the module of the actor and wherever the user agrees. True: something changed.
 */
async function takeBackCode(
  project: Project,
  interaction: Interaction,
  gone: readonly ModelAuditField[],
): Promise<boolean> {
  const isActorRenewed = await renewActor(project, interaction)
  return (await offerApplicationRemovals(project, interaction, gone)) || isActorRenewed
}

function nothingChanged(t: Translate): CommandOutcome {
  return { status: 'cancelled', message: t('Nothing was changed.') }
}

async function forget(
  project: Project,
  interaction: Interaction,
  { url, server }: DatabaseTarget,
  run: JournalRun,
): Promise<void> {
  const { signal } = interaction
  const onWait = (holder: string) => interaction.progress(interaction.t('Waiting for {0}', holder))
  const left = await forgetUndoneRun({ url, server, signal, onWait }, run)
  if (left !== null) interaction.output(text`  left     ${journalLeft(left)}`)
  project.live.refreshSoon()
}

/** The rolled back fields that are no longer in the schema: code that uses them does not compile. */
function goneFields({ policy, schema }: Project, schemaFields: RollbackResult['schemaFields']): ModelAuditField[] {
  if (policy === null) return []
  return schemaFields.filter(({ model, field }) => {
    const found = findModel(schema, model)
    return found !== null && presentField(policy, found.model, field) === null
  })
}

/** `the migration of 2026-11-28 06:10 UTC (15 steps in public)`. */
function nameOfRun({ startedAt, steps, schemas }: StandingRun, t: Translate = inEnglish): string {
  const when = startedAt.toISOString().slice(0, 16).replace('T', ' ')
  const names = schemas.join(', ')
  return steps === 1
    ? t('the migration of {0} UTC (1 step in {1})', when, names)
    : t('the migration of {0} UTC ({1} steps in {2})', when, steps, names)
}

function untouched(other: StandingRun): string {
  return `  untouched  ${nameOfRun(other)}`
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

interface RollBackChoices {
  readonly dropData: boolean
  readonly checklist: RunChecklist
}

/** If dropping would lose values, only the user can allow it. */
async function rollBackOrAsk(
  target: RollbackTarget,
  interaction: Interaction,
  choices: RollBackChoices,
): Promise<RollbackResult> {
  try {
    return await rollBackAs(target, interaction, choices)
  } catch (error) {
    if (choices.dropData || !(error instanceof AuditError) || !(await agreesToLose(interaction, error))) throw error
    return await rollBackAs(target, interaction, { ...choices, dropData: true })
  }
}

/** `--yes` does not confirm this: dropped values are gone. Also false if the error is about something else. */
async function agreesToLose(interaction: Interaction, error: AuditError): Promise<boolean> {
  const { t } = interaction
  const question = lossQuestions(t).find(({ code }) => code === error.code)
  if (question === undefined) return false
  const answer = await interaction.confirm({
    message: question.message,
    detail: [
      ...describeError(error, interaction.t).split('\n'),
      t('Dropped values can only be restored from a backup.'),
    ],
    choices: [{ id: 'lose', label: question.label }],
    yes: null,
  })
  return answer === 'lose'
}

function lossQuestions(t: Translate) {
  return [
    {
      code: VALUES_CANNOT_BE_PRESERVED,
      message: t('Roll back and drop these values?'),
      label: t('Drop Column and Its Values (--drop-data)'),
    },
    {
      code: DATA_WOULD_BE_LOST,
      message: t('Drop tables and columns that contain data?'),
      label: t('Drop Them and Their Data (--drop-data)'),
    },
  ]
}

async function rollBackAs(
  target: RollbackTarget,
  interaction: Interaction,
  { dropData, checklist }: RollBackChoices,
): Promise<RollbackResult> {
  return await rollBack({
    ...target,
    dropData,
    onWait: (holder) => interaction.progress(interaction.t('Waiting for {0}', holder)),
    signal: interaction.signal,
    ...whenBlocked(interaction),
    onProgress: ({ title, titles, index, count, rowsDone, waiting }) => {
      const rows = { rowsDone, rowsTotal: null, rowsPerSecond: null, secondsLeft: null }
      const shown = phraseIn(interaction.t, phraseOfTitle(title))
      const what = rowsDone === null ? interaction.t('Undo: {0}', shown) : shown
      const detail = renderProgressDetail({ ...rows, waiting: waitingNow(waiting, interaction.t) }, interaction.t)
      checklist.at('undo', titles, index, detail)
      interaction.progress(what, percentageOf(rows, index, count), detail)
    },
  })
}

function renderRollback(result: RollbackResult): SafeText {
  return textOf([
    'Rollback',
    ...result.undone.map((title) => `  undone   ${title}`),
    ...result.preservedValues.map(
      (preserved) => `  preserved ${countedWithNulls(preserved)} of ${nameOf(preserved)}, in prisma_audit_kept`,
    ),
    ...(result.withoutValue ?? []).map(
      ({ count, ...column }) =>
        `  empty    ${counted(count, 'row')} without ${nameOf(column)}: NULL is not preserved here, so a later migration fills them`,
    ),
    ...result.left.map((title) => `  left     ${title}`),
    ...result.remaining.map((title) => `  not yet  ${title}`),
    ...result.others.map(untouched),
  ])
}
