import { inPlainEnglish, type Phrase } from '../../text/phrase'
import type { Plan, Step } from '../model'
import type { RehearsalReport } from '../rehearsal/model'
import { estimatedTime, lockTime } from './costs'

/** A plan for programs: its sentences are English texts. The fills of an interrupted run are only for the runner. */
export function planData(plan: Plan) {
  const { steps, refusals, warnings, remarks, existingRows, ...others } = plan
  return {
    steps: steps.map(stepData),
    ...others,
    fillings: undefined,
    warnings: warnings.map(({ text }) => inPlainEnglish(text)),
    warningDetails: warnings.map((warning) => ({ ...warning, text: inPlainEnglish(warning.text) })),
    refusals: refusals.map(({ reason, amount, ...refusal }) => ({
      ...refusal,
      reason: inPlainEnglish(reason),
      ...(amount === undefined ? {} : { amount: inPlainEnglish(amount) }),
    })),
    remarks: remarks?.map(inPlainEnglish),
    existingRows: existingRows?.map(({ value, advice, ...rows }) => ({
      ...rows,
      value: english(value),
      advice: english(advice),
    })),
  }
}

function stepData({ lock, estimate, ...step }: Step) {
  const { mode, tables } = lock
  return {
    ...step,
    lock: { mode, tables, duration: inPlainEnglish(lockTime(lock)) },
    ...(estimate === undefined ? {} : { estimate: inPlainEnglish(estimatedTime(estimate)) }),
  }
}

/** A rehearsal for programs. */
export function rehearsalData(report: RehearsalReport) {
  return {
    ...report,
    rows: report.rows.map((rows) => ({ ...rows, reason: english(rows.reason) })),
    failures: report.failures.map((failure) => ({ ...failure, message: english(failure.message) })),
    notProven: report.notProven.map(inPlainEnglish),
  }
}

function english(text: string | Phrase | null): string | null {
  return text === null || typeof text === 'string' ? text : inPlainEnglish(text)
}
