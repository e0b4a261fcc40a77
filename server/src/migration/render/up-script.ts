import type { DataText } from '../../text/data-text'
import type { Plan } from '../model'
import { EXPLANATIONS } from './explanations'
import { renderScript, renderSection } from './script-parts'

/** All that is needed to run the plan with `psql -f`, again and again if need be. */
export function renderUpScript(plan: Pick<Plan, 'steps'>): DataText {
  return renderScript(
    [
      'Adds the audit fields that the policy requires. Made by Prisma Audit; run with psql -f.',
      'Can be run again: existing objects are left unchanged, and an interrupted run continues.',
    ],
    plan.steps.map((step, index) =>
      renderSection({
        step,
        number: index + 1,
        title: step.title,
        explanation: EXPLANATIONS[step.kind],
        statements: step.up,
        leftovers: step.leftovers,
      }),
    ),
  )
}
