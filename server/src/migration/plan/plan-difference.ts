import type { Plan, Refusal, Step, Warning } from '../model'
import { warningKey } from './warnings'
import { inPlainEnglish } from '../../text/phrase'

/**
 * The differences of a new plan, one line per step, warning and refusal; empty if it would do exactly the same.
 * Estimates of sizes change all the time and do not count: a warning and a refusal are identified by code and object,
 * never by text.
 */
export function differenceOfPlans(before: Plan, after: Plan): string[] {
  return [
    ...differenceOfSteps(before.steps, after.steps),
    ...newWarnings(before, after).map(({ text }) => `  warning    ${inPlainEnglish(text)}`),
    ...newRefusals(before, after).map(({ model, reason }) => `  refused    ${model}: ${inPlainEnglish(reason)}`),
  ]
}

function differenceOfSteps(before: readonly Step[], after: readonly Step[]): string[] {
  const old = new Map(before.map((step) => [step.id, step]))
  const fresh = new Set(after.map((step) => step.id))
  return [
    ...before.filter(({ id }) => !fresh.has(id)).map(({ title }) => `  no longer  ${title}`),
    ...after.flatMap((step) => {
      const same = old.get(step.id)
      if (same === undefined) return [`  new        ${step.title}`]
      return deedOf(same) === deedOf(step) ? [] : [`  changed    ${step.title}`]
    }),
  ]
}

/** New warnings. */
export function newWarnings(before: Pick<Plan, 'warnings'>, after: Pick<Plan, 'warnings'>): Warning[] {
  const known = new Set(before.warnings.map(warningKey))
  return after.warnings.filter((warning) => !known.has(warningKey(warning)))
}

function newRefusals(before: Plan, after: Plan): Refusal[] {
  const known = new Set(before.refusals.map(refusalKey))
  return after.refusals.filter((refusal) => !known.has(refusalKey(refusal)))
}

function refusalKey({ code, model, object, blocking }: Refusal): string {
  return JSON.stringify([code, model, object, blocking])
}

/** The parts of a step that affect what runs. */
function deedOf({ up, down, batch, leftovers, transaction }: Step): string {
  return JSON.stringify({ up, down, batch, leftovers, transaction })
}
