import type { Step } from '../model'

/**
 * Groups consecutive steps that can share a folder of Prisma's history. Prisma sends a file to the server as one
 * message, and the server runs its statements in one transaction. So a step that cannot run in a transaction, or
 * commits, is alone; and so is a step that reads every row of a table, which must not happen while locks of other steps
 * are held.
 */
export function groupSteps(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = []
  for (const step of steps) {
    const group = groups.at(-1)
    const before = group?.at(-1)
    if (group !== undefined && before !== undefined && mayFollow(before, step)) group.push(step)
    else groups.push([step])
  }
  return groups
}

function mayFollow(before: Step, step: Step): boolean {
  const inTransactions = before.transaction === 'own' && step.transaction === 'own'
  return inTransactions && before.scans === step.scans && !before.up.some(mustBeCommitted)
}

/** A new enum value cannot be used in the transaction that added it. */
function mustBeCommitted(statement: string): boolean {
  return /\bADD\s+VALUE\b/i.test(statement)
}
