import { verificationChecks } from '../migration/plan/verification-checks'
import type { Project } from '../project/project'
import type { Check, CheckSubject } from '../verification/model'
import type { CheckListener } from '../verification/run-checks'
import type { Interaction } from './interaction'
import { resolveTarget } from './target'
import { checksOfPolicy, runOnTarget } from './verify'

/** A check that can be run by its id. */
export type NamedCheck = Check & { readonly subject: CheckSubject }

/** The project's checks according to the latest snapshot, without a query; null if there is none. */
export function knownChecks({ schema, policy, database }: Project): readonly NamedCheck[] | null {
  if (policy === null || database === null) return null
  return verificationChecks({ schema, policy, database }).filter(isNamed)
}

/**
 * Runs checks on the live database: those with these ids, or all for null. The existing checks may differ from those
 * known before.
 */
export async function runSomeChecks(
  project: Project,
  interaction: Interaction,
  ids: readonly string[] | null,
  listener: CheckListener,
): Promise<void> {
  const target = await resolveTarget(project, interaction, { drift: false })
  const wanted = ids === null ? null : new Set(ids)
  const all = (await checksOfPolicy(project, interaction, target)).filter(isNamed)
  const checks = wanted === null ? all : all.filter(({ subject }) => wanted.has(subject.id))
  await runOnTarget(project, interaction, target, checks, listener)
}

export function isNamed(check: Check): check is NamedCheck {
  return check.subject !== undefined
}
