import { rehearseMigration } from '../../../../server/src/migration/rehearsal/rehearse-migration'
import type { Plan, Step } from '../../../../server/src/migration/model'
import type { RehearsalReport } from '../../../../server/src/migration/rehearsal/model'
import type { TestProject } from '../support/project'

export async function rehearse(project: TestProject, plan: Plan, scratchUrl?: string): Promise<RehearsalReport> {
  return await rehearseMigration({
    url: project.url,
    plan,
    schemas: project.schemas,
    scratchUrl: scratchUrl ?? null,
    environment: process.env,
    signal: new AbortController().signal,
  })
}

/** The plan with one step changed, as somebody's mistake would change it. */
export function tamper(plan: Plan, id: RegExp, change: (step: Step) => Partial<Step>): Plan {
  const index = plan.steps.findIndex((step) => id.test(step.id))
  const step = plan.steps[index]
  if (step === undefined)
    throw new Error(`No step matches ${String(id)}: ${plan.steps.map((one) => one.id).join(', ')}`)
  return { ...plan, steps: plan.steps.with(index, { ...step, ...change(step) }) }
}

/** What was seen of a step on the way up, locks in the order of their names. */
export function statementsOf(report: RehearsalReport, id: RegExp) {
  const step = report.steps.find((one) => id.test(one.id))
  return (step?.up ?? []).map(({ locks, rewrites }) => ({
    locks: locks?.map(({ mode, table }) => `${mode} on ${table}`).sort() ?? null,
    rewrites,
  }))
}
