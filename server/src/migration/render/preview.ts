import { firstOf } from '../../text/bounded-list'
import { phrase, phraseIn } from '../../text/phrase'
import { inEnglish, type Translate } from '../../text/translate'
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
import { renderSteps, showsSql, type StepForm } from './steps'

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
  /** Default: English. */
  readonly t?: Translate
}

/** The plan as a Markdown document: what to know first, then per model a table of its steps and their SQL. */
export function renderPreview(plan: Plan, options: PreviewOptions): MarkdownText {
  const { rehearsal = null, form = 'open', history, t = inEnglish } = options
  const { steps } = history ?? plan
  const sections = [
    `# ${t('Migration of {0}', markdownLine(options.databaseLabel))}`,
    ...(options.scope === undefined ? [] : [markdownLine(options.scope)]),
    steps.length > 0
      ? `${planFigures({ plan, models: options.models, history: { steps } }, t)}. ${reversal(plan, t)}`
      : plan.requiresNothing === true
        ? t('Nothing to do: the policy requires no audit fields.')
        : t('Nothing to migrate.'),
    ...(showsSql(steps, form)
      ? []
      : [
          t(
            'The plan is too long to show its SQL here. In a terminal, `prisma-audit plan` prints it, with `--drift` also that of missing objects.',
          ),
        ]),
    ...list(
      `## ${t('Not planned')}`,
      groupRefusals(plan.refusals).map((group) => describeRefusals(group, t)),
    ),
    ...list(
      `## ${t('Warnings')}`,
      plan.warnings.map(({ text }) => markdownProse(phraseIn(t, text))),
    ),
    ...list(
      `## ${t('Performance notes')}`,
      (plan.remarks ?? []).map((remark) => markdownProse(phraseIn(t, remark))),
    ),
    ...list(
      `## ${t('Lint')}`,
      (options.lint ?? []).map((found) => describeLint(found, t)),
    ),
    ...filesSection(history, t),
    ...(rehearsal === null ? [] : [renderRehearsal(rehearsal, t)]),
    ...renderSteps(steps, options.models, form, t),
  ]
  return markdownDocument(sections)
}

/** An enum value remains. */
function reversal({ steps }: Plan, t: Translate): string {
  return steps.every(({ kind }) => kind !== 'add-enum-value')
    ? t('Every step can be rolled back, and an interrupted run continues where it stopped.')
    : t('Every step except those marked can be rolled back, and an interrupted run continues where it stopped.')
}

function describeLint({ step, code, phrases }: PlanLintFinding, t: Translate): string {
  const place = t('{0} in {1}', `**${code}**`, markdownLine(step))
  return `${place}: ${markdownProse(phrases.map((each) => phraseIn(t, each)).join(' '))}`
}

function describeRefusals({ models, reason, blocking }: RefusalGroup, t: Translate): string {
  const names = phraseIn(t, phrase`${firstOf(models)}`)
  const ending = blocking ? ` ${t('The plan cannot run until this is resolved.')}` : ''
  return `**${markdownLine(names)}**: ${markdownProse(phraseIn(t, reason))}${ending}`
}

/** What a run writes into the project, as a section of the preview; none if it writes nothing. */
function filesSection(history: PlannedHistory | undefined, t: Translate): string[] {
  if (history === undefined || history.form === 'none' || history.migrations.length === 0) return []
  const { form, folder, migrations } = history
  const what =
    form === 'prisma'
      ? t(
          "The run writes these migrations one by one, and records each in Prisma's history. The timestamp in the names is that of the run.",
        )
      : t('The run writes its SQL scripts (up, down and verify). The timestamp in the names is that of the run.')
  return [
    [`## ${t('Files')}`, what, migrations.map((name) => `- ${codeSpan(`${folder}/${name}/`)}`).join('\n')].join('\n\n'),
  ]
}
