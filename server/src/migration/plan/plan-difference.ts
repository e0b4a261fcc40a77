import type { Plan, Step } from '../model'

/**
 * What is different in a plan that was made again, a line for each step, warning and refusal; empty where the very same
 * would be done. Estimates of sizes change all the time and are no difference.
 */
export function differenceOfPlans(before: Plan, after: Plan): string[] {
  return [
    ...differenceOfSteps(before.steps, after.steps),
    ...differenceOfTexts('warning', before.warnings, after.warnings),
    ...differenceOfTexts(
      'refused',
      before.refusals.map(({ model, reason }) => `${model}: ${reason}`),
      after.refusals.map(({ model, reason }) => `${model}: ${reason}`),
    ),
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

function differenceOfTexts(what: string, before: readonly string[], after: readonly string[]): string[] {
  const known = new Set(before.map(withoutFigures))
  return after.filter((text) => !known.has(withoutFigures(text))).map((text) => `  ${what.padEnd(9)}  ${text}`)
}

/** A warning that says of another number of rows, or another size, what was said before is not a new one. */
export function withoutFigures(warning: string): string {
  return warning
    .replace(/(?:, )?"(?:[^"]|"")*"\."(?:[^"]|"")*" \((?:about )?[\d,]+ rows?\)/g, '')
    .replace(/\d[\d,.]*(?= (?:rows?|[kMGT]?B)\b)/g, 'N')
}

/** What is done, without what is only said about it. */
function deedOf({ up, down, batch, leftovers, transaction }: Step): string {
  return JSON.stringify({ up, down, batch, leftovers, transaction })
}
