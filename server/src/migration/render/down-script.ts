import type { DataText } from '../../text/data-text'
import type { Plan, StepKind } from '../model'
import { renderScript, renderSection } from './script-parts'

/** Takes back with `psql -f` exactly what the up script makes, in the opposite order. */
export function renderDownScript(plan: Pick<Plan, 'steps'>): DataText {
  const steps = plan.steps.filter((step) => step.down.length > 0).reverse()
  return renderScript(
    [
      'Rolls back the migration of the same name, last step first. Made by Prisma Audit; run with psql -f.',
      'The values in the dropped columns are lost. Nothing is dropped with CASCADE: if other objects depend on a column,',
      'PostgreSQL lists them and the script stops.',
    ],
    steps.map((step, index) =>
      renderSection({
        step,
        number: index + 1,
        title: `Undo: ${step.title}`,
        explanation: DOWN_EXPLANATIONS[step.kind],
        statements: step.down,
        leftovers: null,
      }),
    ),
  )
}

/** Why a step is taken back in this way. */
export const DOWN_EXPLANATIONS: Readonly<Record<StepKind, string>> = {
  precondition: 'Changed nothing.',
  'add-column': 'The values are dropped with the column.',
  'add-foreign-key': 'Before the column, so that only our constraint is dropped.',
  populate: 'The values are dropped with the column.',
  'validate-constraint': 'A validated constraint cannot be made NOT VALID again.',
  'set-not-null': 'Allows NULL again.',
  'create-index': 'CONCURRENTLY, so outside a transaction: does not block writes.',
  'create-schema': 'Only if it is empty.',
  'create-extension': 'Only if nothing depends on it.',
  'create-enum': 'Only if no column uses it.',
  'add-enum-value': 'PostgreSQL cannot drop an enum value.',
  'create-table': "Only if it is empty. To drop it with its rows, SET prisma_audit.drop_data = 'on'.",
  'set-default': 'The values are dropped with the column.',
  'create-partitioned-index': 'Already dropped with the index of the partitioned table, or without entries.',
  'attach-index': 'Also drops the attached indexes of the partitions, which cannot be dropped on their own.',
  'attach-foreign-key': 'Also drops those of the partitions.',
  'create-function': 'Only if it is ours and no trigger calls it.',
  'create-trigger': 'The column is no longer maintained.',
  'hold-columns': 'Exists only while a column is filled.',
  'release-columns': 'Already dropped.',
  'drop-default': 'Until the column is dropped, an INSERT that omits it needs the default again.',
  'put-back': 'The values are dropped with the column.',
  'record-history': "The record stays in Prisma's history.",
}
