import { createHash } from 'node:crypto'
import type { ServerIdentity } from '../database/server-identity'
import type { Plan } from '../migration/model'

/** Names one plan for one database: another step, another statement or another server gives another hash. 16 hexadecimal digits. */
export function planHash(plan: Plan, server: ServerIdentity): string {
  // What records the run in Prisma's history has the time in its names.
  const shown = plan.steps.filter(({ kind }) => kind !== 'record-history')
  const steps = shown.map(({ kind, title, up, down }) => ({ kind, title, up, down }))
  return createHash('sha256')
    .update(JSON.stringify([server, steps]))
    .digest('hex')
    .slice(0, 16)
}
