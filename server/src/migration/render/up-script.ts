import type { DataText } from '../../text/data-text'
import type { Plan } from '../model'
import { EXPLANATIONS } from './explanations'
import { renderScript, renderSection } from './script-parts'

/** All that is needed to run the plan with `psql -f`, again and again if need be. */
export function renderUpScript(plan: Pick<Plan, 'steps'>): DataText {
  return renderScript(
    [
      'Adds the audit fields that the policy requires. Made by Prisma Audit; run it with psql -f.',
      'It may be run again: what is there already is left as it is, and what broke off goes on.',
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
