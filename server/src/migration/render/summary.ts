import { boundedList } from '../../text/bounded-list'
import { lineOf, textOf, type SafeText } from '../../text/safe-text'
import type { Plan, Step } from '../model'
import { titleOfQuoted, titleOfTable } from '../plan/titles'
import { STEP_KINDS, type StepKind } from '../step-kinds'
import type { PlannedHistory } from '../planned-history'
import type { PreviewOptions } from './preview'
import { counted } from '../../text/amounts'
import { lockTime } from './costs'
import { refusalLines } from './refusal-lines'
import { inPlainEnglish } from '../../text/phrase'

/**
 * What a person must know before the question: steps, locks, rows, warnings, files. At most 24 lines, whatever the size
 * of the plan; `renderPreview` has all of it.
 */
export function renderSummary(plan: Plan, options: PreviewOptions): SafeText {
  const { lint = [], rehearsal = null } = options
  return textOf([
    `Migration of ${options.databaseLabel}`,
    ...section('steps', [describeSteps((options.history ?? plan).steps)]),
    ...section('locks', boundedList(locksOf(plan.steps), 4, 'locks')),
    ...section('rows', boundedList(rowsOf(plan.steps), 4, 'tables')),
    ...section(
      'warnings',
      boundedList(
        plan.warnings.map(({ text }) => inPlainEnglish(text)),
        4,
        'warnings',
      ),
    ),
    ...section('not planned', boundedList(refusalLines(plan.refusals).map(inPlainEnglish), 2, 'refusals')),
    ...section('lint', lint.length === 0 ? [] : [[...new Set(lint.map(({ code }) => code))].join(', ')]),
    ...section('rehearsal', rehearsal === null ? [] : [rehearsal.outcome]),
    ...section('files', filesOf(options.history)),
  ])
}

/** A label before the first line, the other lines below it. */
function section(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(12)} ${lineOf(line)}`)
}

/** `15: add 4 columns, add 2 foreign keys …`, in the order of the plan. */
function describeSteps(steps: readonly Step[]): string {
  if (steps.length === 0) return 'none: nothing to migrate'
  const kinds = countBy(steps, ({ kind }) => kind)
  return `${steps.length}: ${[...kinds].map(([kind, count]) => describeSome(kind, count)).join(', ')}`
}

function describeSome(kind: StepKind, count: number): string {
  const [verb, one, many] = STEP_KINDS[kind].work
  return `${verb} ${counted(count, one, many)}`
}

/** The strongest first: which tables are blocked, and for how long. */
function locksOf(steps: readonly Step[]): string[] {
  const tables = new Map<string, Set<string>>()
  const byStrength = [...steps].sort((left, right) => strengthOf(left) - strengthOf(right))
  for (const { lock } of byStrength) {
    if (lock.tables.length === 0) continue
    const name = `${lock.mode}, ${inPlainEnglish(lockTime(lock))}`
    const known = tables.get(name) ?? new Set()
    for (const table of lock.tables) known.add(table)
    tables.set(name, known)
  }
  return [...tables].map(
    ([name, locked]) => `${name}: ${boundedList([...locked].map(titleOfQuoted), 3, 'tables').join(', ')}`,
  )
}

function strengthOf({ lock }: Step): number {
  const position = STRONGEST_FIRST.indexOf(lock.mode)
  return position === -1 ? STRONGEST_FIRST.length : position
}

const STRONGEST_FIRST = [
  'ACCESS EXCLUSIVE',
  'EXCLUSIVE',
  'SHARE ROW EXCLUSIVE',
  'SHARE',
  'SHARE UPDATE EXCLUSIVE',
  'ROW EXCLUSIVE',
  'ROW SHARE',
  'ACCESS SHARE',
]

/** One line per table whose rows are read or written. */
function rowsOf(steps: readonly Step[]): string[] {
  const worked = steps.filter(({ scans, rewrites, batch }) => scans || rewrites || batch !== null)
  const byTable = new Map<string, Step[]>()
  for (const step of worked) {
    const name = titleOfTable(step)
    const ofTable = byTable.get(name) ?? []
    byTable.set(name, ofTable)
    ofTable.push(step)
  }
  return [...byTable].map(([name, ofTable]) => {
    const what = [
      ...(ofTable.some(({ rewrites }) => rewrites) ? ['rewritten'] : []),
      ...(ofTable.some(({ batch }) => batch !== null) ? ['updated in batches'] : []),
      `read by ${counted(ofTable.length, 'step')}`,
    ]
    const estimate = ofTable.reduce((most, { estimatedRows }) => Math.max(most, estimatedRows ?? -1), -1)
    const rows = estimate === -1 ? '' : `, about ${counted(estimate, 'row')}`
    return `${name}${rows}: ${what.join(', ')}`
  })
}

function filesOf(history: PlannedHistory | undefined): string[] {
  if (history === undefined || history.form === 'none' || history.migrations.length === 0) return []
  const what = `${counted(history.migrations.length, 'folder')} in ${history.folder}`
  return [history.form === 'prisma' ? `${what}, recorded in Prisma's history` : what]
}

function countBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, number> {
  const counts = new Map<Key, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}
