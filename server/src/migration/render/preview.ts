import { listNames } from '../../text/bounded-list'
import { codeSpan, markdownDocument, markdownLine, markdownProse, type MarkdownText } from '../../text/markdown-text'
import type { PlanLintFinding } from '../plan/lint-plan'
import type { ModelNames } from '../plan/model-names'
import type { PlannedHistory } from '../planned-history'
import type { Plan } from '../model'
import type { RehearsalReport } from '../rehearsal/model'
import { list } from './markdown'
import { groupRefusals, type RefusalGroup } from './refusal-lines'
import { renderRehearsal } from './rehearsal'
import { planFigures } from './plan-figures'
import { renderSteps, type StepForm } from './steps'

export interface PreviewOptions {
  readonly databaseLabel: string
  readonly models: ModelNames
  /** What is planned and where, in one sentence. */
  readonly scope?: string
  /** What a run writes into the project. */
  readonly history?: PlannedHistory
  /** The lint findings in the plan's SQL. */
  readonly lint?: readonly PlanLintFinding[]
  /** If the plan was rehearsed. */
  readonly rehearsal?: RehearsalReport | null
  /** Default: `open`. */
  readonly form?: StepForm
}

/** The plan as a Markdown document: what to know first, then per model a table of its steps and their SQL. */
export function renderPreview(plan: Plan, options: PreviewOptions): MarkdownText {
  const { rehearsal = null } = options
  const count = plan.steps.length
  const sections = [
    `# Migration of ${markdownLine(options.databaseLabel)}`,
    ...(options.scope === undefined ? [] : [markdownLine(options.scope)]),
    count === 0
      ? plan.requiresNothing === true
        ? 'Nothing to do: the policy requires no audit fields.'
        : 'Nothing to migrate.'
      : `${planFigures(plan, options.models)}. ${isReversible(plan) ? 'Every step' : 'Every step except those marked'} can be rolled back, and an interrupted run continues where it stopped.`,
    ...list('## Not planned', groupRefusals(plan.refusals).map(describeRefusals)),
    ...list(
      '## Warnings',
      plan.warnings.map(({ text }) => markdownProse(text)),
    ),
    ...list('## Performance notes', (plan.remarks ?? []).map(markdownProse)),
    ...list('## Lint', (options.lint ?? []).map(describeLint)),
    ...filesSection(options.history),
    ...(rehearsal === null ? [] : [renderRehearsal(rehearsal)]),
    ...renderSteps(plan.steps, options.models, options.form ?? 'open'),
  ]
  return markdownDocument(sections)
}

/** An enum value remains. */
function isReversible({ steps }: Plan): boolean {
  return steps.every(({ kind }) => kind !== 'add-enum-value')
}

function describeLint({ step, code, message, advice }: PlanLintFinding): string {
  return `**${code}** in ${markdownLine(step)}: ${markdownProse(`${message} ${advice}`.trim())}`
}

function describeRefusals({ models, reason, blocking }: RefusalGroup): string {
  return `**${markdownLine(listNames(models))}**: ${markdownProse(reason)}${blocking ? ' The plan cannot run until this is resolved.' : ''}`
}

/** What a run writes into the project, as a section of the preview; none if it writes nothing. */
function filesSection(history: PlannedHistory | undefined): string[] {
  if (history === undefined || history.form === 'none' || history.migrations.length === 0) return []
  const { form, folder, migrations } = history
  const what =
    form === 'prisma'
      ? "The run writes these migrations one by one, and records each in Prisma's history. The timestamp in the names is that of the run."
      : 'The run writes its SQL scripts (up, down and verify). The timestamp in the names is that of the run.'
  return [[`## Files`, what, migrations.map((name) => `- ${codeSpan(`${folder}/${name}/`)}`).join('\n')].join('\n\n')]
}
