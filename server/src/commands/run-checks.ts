import { verificationChecks } from '../migration/plan/verification-checks'
import type { Project } from '../project/project'
import type { Check, CheckSubject } from '../verification/model'
import { runChecks, type CheckListener } from '../verification/run-checks'
import type { Interaction } from './interaction'
import { resolveTarget, withTarget } from './target'
import { checksOfPolicy } from './verify'

/** A check that can be asked for by its id. */
export type NamedCheck = Check & { readonly subject: CheckSubject }

/** The checks of the project by the latest look at its database, which is not asked; null where nothing is known of it. */
export function knownChecks({ schema, policy, database }: Project): readonly NamedCheck[] | null {
  if (policy === null || database === null) return null
  return verificationChecks({ schema, policy, database }).filter(isNamed)
}

/** Asks checks of the live database as it is now: those with these ids, all for null. Which exist now may differ from what was known. */
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
  await withTarget(target, interaction, (client) => runChecks(client, checks, target.label, listener))
}

export function isNamed(check: Check): check is NamedCheck {
  return check.subject !== undefined
}
