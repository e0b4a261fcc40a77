import type { PlannedHistory } from '../history/planned-history'
import type { Plan, Step } from '../model'
import { EXPLANATIONS } from './explanations'
import { filesSection } from './files-section'

/** The plan as a Markdown document: what to know first, then the steps as a table, then their SQL. */
export function renderPreview(
  plan: Plan,
  options: { readonly databaseLabel: string; readonly history?: PlannedHistory },
): string {
  const count = plan.steps.length
  const sections = [
    `# Migration of ${escape(options.databaseLabel)}`,
    count === 0
      ? 'Nothing is missing: there is nothing to run.'
      : `${count} ${count === 1 ? 'step' : 'steps'}. Each can be taken back, and a run that breaks off goes on where it stopped.`,
    ...list('Not planned', plan.refusals.map(describeRefusal)),
    ...list('Warnings', plan.warnings.map(escape)),
    ...filesSection(options.history),
    ...(count === 0 ? [] : [stepTable(plan.steps), ...plan.steps.map(renderStep)]),
  ]
  return `${sections.join('\n\n')}\n`
}

function describeRefusal({ model, reason, blocking }: Plan['refusals'][number]): string {
  return `**${escape(model)}**: ${escape(reason)}${blocking ? ' The plan cannot run before this is settled.' : ''}`
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`]
}

function stepTable(steps: readonly Step[]): string {
  const rows = steps.map((step, index) => {
    const cells = [`${index + 1}`, escape(step.title), lockOf(step), TRANSACTIONS[step.transaction], rowsOf(step)]
    return `| ${cells.join(' | ')} |`
  })
  return ['## Steps', '', '| # | step | lock | transaction | rows |', '|---|---|---|---|---|', ...rows].join('\n')
}

const TRANSACTIONS: Readonly<Record<Step['transaction'], string>> = {
  own: 'one of its own',
  none: 'none, as CONCURRENTLY demands',
  batches: 'one for each batch',
}

function lockOf({ lock }: Step): string {
  return lock.tables.length === 0 ? 'none' : `${lock.mode} on ${lock.tables.map(escape).join(', ')}, ${lock.duration}`
}

function rowsOf(step: Step): string {
  const work = step.rewrites ? 'writes the table anew' : step.scans ? 'reads the table' : 'reads no rows'
  if (!step.scans && !step.rewrites) return work
  return step.estimatedRows === null ? work : `${work}, about ${step.estimatedRows} rows`
}

function renderStep(step: Step, index: number): string {
  const parts = [`### ${index + 1}. ${escape(step.title)}`, EXPLANATIONS[step.kind], sql(step.up)]
  if (step.down.length > 0) parts.push('To take it back:', sql(step.down))
  return parts.join('\n\n')
}

/** The fence is longer than any run of backticks in the SQL, which may stand in a name. */
function sql(statements: readonly string[]): string {
  const text = statements.map((statement) => `${statement};`).join('\n')
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}sql\n${text}\n${fence}`
}

/** Names are shown as they are, whatever Markdown would make of them. */
function escape(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
}
