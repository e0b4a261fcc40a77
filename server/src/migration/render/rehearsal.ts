import type { RehearsalFailure, RehearsalReport, RehearsedStatement, RehearsedStep } from '../rehearsal/model'
import { markdownLine, sqlFence } from '../../text/markdown-text'
import { textOf, type SafeText } from '../../text/safe-text'
import { list, sql } from './markdown'
import { inPlainEnglish, phrase, phraseIn, type Phrase } from '../../text/phrase'
import { secondsWords } from '../../text/size-words'
import { inEnglish, type Translate } from '../../text/translate'
import { phraseOfTitle } from '../plan/step-titles'

/** A rehearsal as a section of the Markdown preview: failures first, then locks, then what it does not prove. */
export function renderRehearsal(report: RehearsalReport, t: Translate = inEnglish): string {
  const { failures, structure, notProven, wayBack, steps } = report
  return [
    `## ${report.outcome === 'passed' ? t('Rehearsal: passed') : t('Rehearsal: failed')}`,
    markdownLine(phraseIn(t, describePlace(report))),
    ...failures.map((failure) => renderFailure(failure, steps, t)),
    ...renderDifference(wayBack, t),
    lockTable(steps, t),
    ...list(
      `### ${t('Not loaded')}`,
      structure.notLoaded.map(({ name, reason }) => `${markdownLine(name)}: ${markdownLine(reason)}`),
    ),
    ...list(
      `### ${t('Not proven')}`,
      notProven.map((sentence) => markdownLine(phraseIn(t, sentence))),
    ),
  ].join('\n\n')
}

/** A rehearsal for an output panel or a terminal: outcome, times, failures and what it does not prove. */
export function renderRehearsalText(report: RehearsalReport): SafeText {
  const { failures, structure, notProven, passes, wayBack, steps, milliseconds } = report
  const lines = (title: string, items: readonly string[]) => items.map((item) => `  ${title.padEnd(12)} ${item}`)
  const difference = wayBack?.difference ?? null
  return textOf([
    `Rehearsal: ${report.outcome}`,
    ...lines('place', [inPlainEnglish(describePlace(report))]),
    ...lines('start-up', [inPlainEnglish(secondsWords(milliseconds.startUp))]),
    ...passes.map(
      ({ name, outcome, milliseconds: time }) =>
        `  ${name.padEnd(12)} ${outcome}, ${inPlainEnglish(secondsWords(time))}`,
    ),
    ...lines(
      'failed',
      failures.map((failure) => `${placeOf(failure, steps, inEnglish)}: ${wordsOf(failure.message, inEnglish)}`),
    ),
    ...(difference === null
      ? []
      : [
          ...lines('before', [`${wordsOf(difference.object, inEnglish)}: ${difference.before || '(nothing)'}`]),
          ...lines('after', [`${wordsOf(difference.object, inEnglish)}: ${difference.after || '(nothing)'}`]),
        ]),
    ...lines(
      'not loaded',
      structure.notLoaded.map(({ name, reason }) => `${name}: ${reason}`),
    ),
    ...lines('not proven', notProven.map(inPlainEnglish)),
  ])
}

function describePlace({ place, rows, milliseconds }: RehearsalReport): Phrase {
  const filled = rows.filter((entry) => entry.rows > 0).length
  const where = phrase`${`PostgreSQL ${place.serverVersion}`} (${place.label})`
  const ran =
    filled === 0
      ? phrase`Ran up, down, up and down again on ${where}, on a copy of the structure with no rows.`
      : filled === 1
        ? phrase`Ran up, down, up and down again on ${where}, on a copy of the structure with generated rows in 1 table.`
        : phrase`Ran up, down, up and down again on ${where}, on a copy of the structure with generated rows in ${filled} tables.`
  const { rehearsal, startUp } = milliseconds
  return phrase`${ran} It took ${secondsWords(rehearsal)}, after ${secondsWords(startUp)} to start.`
}

function renderFailure(failure: RehearsalFailure, steps: readonly RehearsedStep[], t: Translate): string {
  const text = `**${markdownLine(placeOf(failure, steps, t))}**: ${markdownLine(wordsOf(failure.message, t))}`
  return failure.sql === null ? text : `${text}\n\n${sql([failure.sql])}`
}

function wordsOf(message: string | Phrase, t: Translate): string {
  return typeof message === 'string' ? message : phraseIn(t, message)
}

function placeOf({ stepId, pass }: RehearsalFailure, steps: readonly RehearsedStep[], t: Translate): string {
  const index = steps.findIndex(({ id }) => id === stepId)
  const step = steps[index]
  const way = phraseIn(t, WAYS[pass])
  return step === undefined ? way : t('{0}, step {1}, {2}', way, index + 1, phraseIn(t, phraseOfTitle(step.title)))
}

const WAYS: Readonly<Record<RehearsalFailure['pass'], Phrase>> = {
  up: phrase`Up`,
  down: phrase`Down`,
  'up again': phrase`Second up`,
  'down again': phrase`Second down`,
}

function renderDifference(wayBack: RehearsalReport['wayBack'], t: Translate): string[] {
  const difference = wayBack?.difference ?? null
  if (difference === null) return []
  const { object, before, after } = difference
  const what = t('{0} differs after the rollback. Before and after:', markdownLine(wordsOf(object, t)))
  return [`${what}\n\n${sqlFence(before || NOTHING)}\n\n${sqlFence(after || NOTHING)}`]
}

const NOTHING = '-- nothing'

function lockTable(steps: readonly RehearsedStep[], t: Translate): string {
  const rows = steps.map((step, index) => {
    const cells = [
      `${index + 1}`,
      markdownLine(phraseIn(t, phraseOfTitle(step.title))),
      phraseIn(t, OUTCOMES[step.outcome]),
      claimOf(step, t),
      seenOf(step.up, t),
      step.down.length === 0 ? '' : seenOf(step.down, t),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const head = [t('step'), t('outcome'), t('planned'), t('up'), t('down')]
  return [`### ${t('Observed locks')}`, '', `| # | ${head.join(' | ')} |`, '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  )
}

const OUTCOMES: Readonly<Record<RehearsedStep['outcome'], Phrase>> = {
  passed: phrase`passed`,
  failed: phrase`failed`,
  'already there': phrase`already there`,
  skipped: phrase`skipped`,
  'not reached': phrase`not reached`,
}

function claimOf({ claimed }: RehearsedStep, t: Translate): string {
  const { mode, tables } = claimed
  const lock = tables.length === 0 ? t('none') : t('{0} on {1}', mode, tables.map(markdownLine).join(', '))
  return claimed.rewrites ? t('{0}; rewrites the table', lock) : lock
}

/** Each lock once, including weaker ones of the same table, to show the order in which they were acquired. */
function seenOf(statements: readonly RehearsedStatement[], t: Translate): string {
  const seen = statements.flatMap(({ locks, rewrites }) => [
    ...(locks === null
      ? [t('not observable')]
      : locks.map(({ mode, table }) => t('{0} on {1}', mode, markdownLine(table)))),
    ...rewrites.map((name) => t('rewrote {0}', markdownLine(name))),
  ])
  return seen.length === 0 ? t('none') : [...new Set(seen)].join(', ')
}
