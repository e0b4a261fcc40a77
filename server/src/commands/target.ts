import type { Policy } from '../audit-fields/policy'
import { withClient, type ConnectOptions, type DatabaseClient } from '../database/connect'
import type { Plan } from '../migration/model'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import type { Interaction } from './interaction'
import { inEnglish, type Translate } from '../text/translate'
import { labelIn } from '../database/describe-url'
import { phraseIn } from '../text/phrase'

/** `drift` is everything else that the schema defines and the database lacks. */
export type PlanKind = 'audit fields' | 'drift' | 'audit fields and drift'

/**
 * What a command works on. It is resolved once, before anything is shown or asked, and passed down: what was confirmed
 * is what runs, even if other commands or files of the project change.
 */
export interface Target extends DatabaseTarget {
  readonly plans: PlanKind
}

/** Throws if nothing can be planned: the schema does not parse, there is no policy, or no database responds. */
export async function resolveTarget(
  project: Project,
  interaction: Interaction,
  { drift }: { readonly drift: boolean },
): Promise<Target> {
  project.requireSchema()
  const plans = drift ? (project.policyFile.exists ? 'audit fields and drift' : 'drift') : 'audit fields'
  policyOf(project, { plans })
  interaction.progress(interaction.t('Connecting to the database'))
  return { ...(await project.databaseTarget(interaction.signal)), plans }
}

/** Opens a connection to the target only: another server behind its name is refused. */
export async function withTarget<Result>(
  { url, server, standing }: DatabaseTarget,
  { signal }: Interaction,
  callback: (client: DatabaseClient) => Promise<Result>,
  options: Pick<ConnectOptions, 'statementTimeout' | 'settings'> = {},
): Promise<Result> {
  // PostgreSQL enforces a read-only mark that a person set, and that agents only read.
  const isMarked = standing.readOnly === 'marked' || standing.readOnly === 'agents'
  const settings = isMarked ? { default_transaction_read_only: 'on' } : {}
  return await withClient(url, { ...options, settings: { ...options.settings, ...settings }, signal, server }, callback)
}

/** For programs that open their own connection, such as pg_dump: throws if the target no longer responds. */
export async function requireTarget(target: DatabaseTarget, interaction: Interaction): Promise<void> {
  await withTarget(target, interaction, () => Promise.resolve())
}

/** The policy to plan by; null if only drift is planned. Throws if there is none, or it is invalid. */
export function policyOf(project: Project, { plans }: Pick<Target, 'plans'>): Policy | null {
  return plans === 'drift' ? null : project.policyFile.require()
}

/** `Plan: audit fields and drift, in schema public.` */
export function describeScope({ plans, schemas }: Target, t: Translate = inEnglish): string {
  const what = {
    'audit fields': t('audit fields'),
    drift: t('drift'),
    'audit fields and drift': t('audit fields and drift'),
  }[plans]
  const names = schemas.join(', ')
  return schemas.length === 1
    ? t('Plan: {0}, in schema {1}.', what, names)
    : t('Plan: {0}, in schemas {1}.', what, names)
}

/** An object that is missing but not planned, for a reason in the plan, is never reported as present. */
export function nothingToMigrate(
  { plans, url }: Pick<Target, 'plans' | 'url'>,
  { refusals }: Pick<Plan, 'refusals'>,
  t: Translate = inEnglish,
): string {
  const label = labelIn(t, { url })
  const [first] = refusals
  if (first !== undefined) {
    const more = refusals.length === 1 ? '' : t(' (and {0} more: prisma-audit plan lists them)', refusals.length - 1)
    return t('Nothing to migrate in {0}. Not planned: {1}', label, phraseIn(t, first.reason)) + more
  }
  return plans === 'audit fields'
    ? t('There is nothing to migrate: {0} has everything that the policy requires.', label)
    : t('There is nothing to migrate: {0} has everything that the schema defines.', label)
}
