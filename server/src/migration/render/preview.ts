import type { Plan } from '../model'
import { escape, list } from './markdown'
import { renderStep, stepTable } from './steps'

/** The plan as a Markdown document: what to know first, then the steps as a table, then their SQL. */
export function renderPreview(plan: Plan, options: { readonly databaseLabel: string }): string {
  const count = plan.steps.length
  const sections = [
    `# Migration of ${escape(options.databaseLabel)}`,
    count === 0
      ? 'Nothing is missing: there is nothing to run.'
      : `${count} ${count === 1 ? 'step' : 'steps'}. ${isReversible(plan) ? 'Each' : 'Each but what is marked'} can be taken back, and a run that breaks off goes on where it stopped.`,
    ...list('## Not planned', plan.refusals.map(describeRefusal)),
    ...list('## Warnings', plan.warnings.map(escape)),
    ...(count === 0 ? [] : [stepTable(plan.steps), ...plan.steps.map(renderStep)]),
  ]
  return `${sections.join('\n\n')}\n`
}

/** A value of an enum stays. */
function isReversible({ steps }: Plan): boolean {
  return steps.every(({ kind }) => kind !== 'add-enum-value')
}

function describeRefusal({ model, reason, blocking }: Plan['refusals'][number]): string {
  return `**${escape(model)}**: ${escape(reason)}${blocking ? ' The plan cannot run before this is settled.' : ''}`
}
