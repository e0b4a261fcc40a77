import type { DataText } from '../../text/data-text'
import type { Plan, StepKind } from '../model'
import { renderScript, renderSection } from './script-parts'

/** Takes back with `psql -f` exactly what the up script makes, in the opposite order. */
export function renderDownScript(plan: Pick<Plan, 'steps'>): DataText {
  const steps = plan.steps.filter((step) => step.down.length > 0).reverse()
  return renderScript(
    [
      'Takes back what the migration of the same name made, newest first. Made by Prisma Audit; run it with psql -f.',
      'The values in the columns go with them. Nothing is dropped by CASCADE: what someone built on a column is named',
      'by PostgreSQL, and the script stops.',
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
  precondition: 'It changed nothing.',
  'add-column': 'The column goes with its values.',
  'add-foreign-key': 'Before the column, so that the constraint that is dropped is ours.',
  populate: 'The values go with the column.',
  'validate-constraint': 'A constraint cannot be made unvalidated again.',
  'set-not-null': 'Rows without a value may come again.',
  'create-index': 'CONCURRENTLY, so outside a transaction: others go on writing meanwhile.',
  'create-schema': 'Only where it is empty.',
  'create-extension': 'Only where nothing depends on it.',
  'create-enum': 'Only where no column is of the type.',
  'add-enum-value': 'PostgreSQL cannot drop a value of an enum.',
  'create-table': "Only while it is empty: SET prisma_audit.drop_data = 'on' lets its rows go.",
  'set-default': 'The values go with the column.',
  'create-partitioned-index': 'Empty by now, or gone with the index of the whole.',
  'attach-index': 'The indexes of the partitions go with it: one that is attached cannot be dropped alone.',
  'attach-foreign-key': 'Those of the partitions go with it.',
  'create-function': 'Only where it is ours and no trigger calls it.',
  'create-trigger': 'Nothing writes the column by itself any more.',
  'hold-columns': 'It is there only while a column is filled.',
  'release-columns': 'It is gone already.',
  'drop-default': 'Until the column goes, an INSERT that does not name it needs the default again.',
  'put-back': 'The values go with the column.',
  'record-history': "Prisma's own history keeps what was done.",
}
