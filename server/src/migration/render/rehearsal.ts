import type { RehearsalFailure, RehearsalReport, RehearsedStatement, RehearsedStep } from '../rehearsal/model'
import { markdownLine, sqlFence } from '../../text/markdown-text'
import { textOf, type SafeText } from '../../text/safe-text'
import { list, sql } from './markdown'
import { counted } from '../../text/amounts'

/** A rehearsal as a section of the Markdown preview: failures first, then locks, then what it does not prove. */
export function renderRehearsal(report: RehearsalReport): string {
  const { failures, structure, notProven, wayBack, steps } = report
  return [
    `## Rehearsal: ${report.outcome}`,
    markdownLine(describePlace(report)),
    ...failures.map((failure) => renderFailure(failure, steps)),
    ...renderDifference(wayBack),
    lockTable(steps),
    ...list(
      '### Not loaded',
      structure.notLoaded.map(({ name, reason }) => `${markdownLine(name)}: ${markdownLine(reason)}`),
    ),
    ...list('### Not proven', notProven.map(markdownLine)),
  ].join('\n\n')
}

/** A rehearsal for an output panel or a terminal: outcome, times, failures and what it does not prove. */
export function renderRehearsalText(report: RehearsalReport): SafeText {
  const { failures, structure, notProven, passes, wayBack, steps, milliseconds } = report
  const lines = (title: string, items: readonly string[]) => items.map((item) => `  ${title.padEnd(12)} ${item}`)
  const difference = wayBack?.difference ?? null
  return textOf([
    `Rehearsal: ${report.outcome}`,
    ...lines('place', [describePlace(report)]),
    ...lines('start-up', [seconds(milliseconds.startUp)]),
    ...passes.map(({ name, outcome, milliseconds: time }) => `  ${name.padEnd(12)} ${outcome}, ${seconds(time)}`),
    ...lines(
      'failed',
      failures.map((failure) => `${placeOf(failure, steps)}: ${failure.message}`),
    ),
    ...(difference === null
      ? []
      : [
          ...lines('before', [`${difference.object}: ${difference.before || '(nothing)'}`]),
          ...lines('after', [`${difference.object}: ${difference.after || '(nothing)'}`]),
        ]),
    ...lines(
      'not loaded',
      structure.notLoaded.map(({ name, reason }) => `${name}: ${reason}`),
    ),
    ...lines('not proven', notProven),
  ])
}

function describePlace({ place, rows, milliseconds }: RehearsalReport): string {
  const filled = rows.filter((entry) => entry.rows > 0).length
  return [
    `Ran up, down, up and down again on PostgreSQL ${place.serverVersion} (${place.label}), on a copy of the structure`,
    `with ${filled === 0 ? 'no rows' : `generated rows in ${counted(filled, 'table')}`}.`,
    `It took ${seconds(milliseconds.rehearsal)}, after ${seconds(milliseconds.startUp)} to start.`,
  ].join(' ')
}

function renderFailure(failure: RehearsalFailure, steps: readonly RehearsedStep[]): string {
  const text = `**${markdownLine(placeOf(failure, steps))}**: ${markdownLine(failure.message)}`
  return failure.sql === null ? text : `${text}\n\n${sql([failure.sql])}`
}

function placeOf({ stepId, pass }: RehearsalFailure, steps: readonly RehearsedStep[]): string {
  const index = steps.findIndex(({ id }) => id === stepId)
  const step = steps[index]
  return step === undefined ? WAYS[pass] : `${WAYS[pass]}, step ${index + 1}, ${step.title}`
}

const WAYS: Readonly<Record<RehearsalFailure['pass'], string>> = {
  up: 'Up',
  down: 'Down',
  'up again': 'Second up',
  'down again': 'Second down',
}

function renderDifference(wayBack: RehearsalReport['wayBack']): string[] {
  const difference = wayBack?.difference ?? null
  if (difference === null) return []
  const { object, before, after } = difference
  return [
    `${markdownLine(object)} differs after the rollback. Before and after:\n\n${sqlFence(before || NOTHING)}\n\n${sqlFence(after || NOTHING)}`,
  ]
}

const NOTHING = '-- nothing'

function lockTable(steps: readonly RehearsedStep[]): string {
  const rows = steps.map((step, index) => {
    const cells = [
      `${index + 1}`,
      markdownLine(step.title),
      step.outcome,
      claimOf(step),
      seenOf(step.up),
      step.down.length === 0 ? '' : seenOf(step.down),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '### Observed locks',
    '',
    '| # | step | outcome | planned | up | down |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function claimOf({ claimed }: RehearsedStep): string {
  const lock =
    claimed.tables.length === 0 ? 'none' : `${claimed.mode} on ${claimed.tables.map(markdownLine).join(', ')}`
  return claimed.rewrites ? `${lock}; rewrites the table` : lock
}

/** Each lock once, including weaker ones of the same table, to show the order in which they were acquired. */
function seenOf(statements: readonly RehearsedStatement[]): string {
  const seen = statements.flatMap(({ locks, rewrites }) => [
    ...(locks === null ? ['not observable'] : locks.map(({ mode, table }) => `${mode} on ${markdownLine(table)}`)),
    ...rewrites.map((name) => `rewrote ${markdownLine(name)}`),
  ])
  return seen.length === 0 ? 'none' : [...new Set(seen)].join(', ')
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
