import { englishOrNull, inPlainEnglish } from '../../text/phrase'
import type { Plan, Step } from '../model'
import type { PlannedHistory } from '../planned-history'
import type { RehearsalReport, StructureDifference } from '../rehearsal/model'
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
      value: englishOrNull(value),
      advice: englishOrNull(advice),
    })),
  }
}

function stepData({ lock, estimate, holdsData, ...step }: Step) {
  const { mode, tables } = lock
  return {
    ...step,
    lock: { mode, tables, duration: inPlainEnglish(lockTime(lock)) },
    ...(estimate === undefined ? {} : { estimate: inPlainEnglish(estimatedTime(estimate)) }),
    ...(holdsData === undefined ? {} : { holdsData: { ...holdsData, what: inPlainEnglish(holdsData.what) } }),
  }
}

/** What a run would write, for programs: they get the steps once, as the plan's. */
export function historyData({ form, folder, migrations }: PlannedHistory) {
  return { form, folder, migrations }
}

/** A rehearsal for programs. */
export function rehearsalData(report: RehearsalReport) {
  return {
    ...report,
    place: { ...report.place, label: inPlainEnglish(report.place.label) },
    rows: report.rows.map((rows) => ({ ...rows, reason: englishOrNull(rows.reason) })),
    checks: report.checks.map(({ check, outcome, found }) => ({ check, outcome, found })),
    wayBack: report.wayBack === null ? null : { difference: differenceData(report.wayBack.difference) },
    failures: report.failures.map((failure) => ({ ...failure, message: englishOrNull(failure.message) })),
    notProven: report.notProven.map(inPlainEnglish),
  }
}

function differenceData(difference: StructureDifference | null) {
  return difference === null ? null : { ...difference, object: englishOrNull(difference.object) }
}
