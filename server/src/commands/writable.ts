import { SAID_ENVIRONMENTS, type SaidEnvironment } from '../database/environments'
import { describeUrl, labelIn } from '../database/describe-url'
import { databaseIsReadOnly } from '../migration/run/session/errors'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import { environmentUnknown } from './errors'
import type { Interaction, Question, WrittenDatabase } from './interaction'
import type { Translate } from '../text/translate'

declare const WRITABLE: unique symbol

/** A target that `requireWritable` returned: everything that writes requires one. */
export type Writable<Target> = Target & { readonly [WRITABLE]: true }

/**
 * Every command that writes to a database calls this first. Throws `database-read-only` if writing is not allowed,
 * whatever was confirmed. Asks once for the environment of a remote database if it is not set; null if the user
 * dismissed that.
 */
export async function requireWritable<Target extends DatabaseTarget>(
  project: Project,
  interaction: Interaction,
  target: Target,
): Promise<Writable<Target> | null> {
  const { environment, readOnly } = target.standing
  if (readOnly !== null) throw databaseIsReadOnly(readOnly, describeUrl(target.url).named)
  if (environment !== null) return target as Writable<Target>
  const said = await askEnvironment(interaction, target)
  if (said === null) return null
  project.standings.say(target, { environment: said, readOnly: false })
  const known = { ...target, standing: { ...target.standing, environment: said } } as Writable<Target>
  project.latestTarget = known
  return known
}

async function askEnvironment(interaction: Interaction, target: DatabaseTarget): Promise<SaidEnvironment | null> {
  if (!interaction.isAttended) throw environmentUnknown(describeUrl(target.url).named)
  const { t } = interaction
  const answer = await interaction.confirm({
    message: t('Which environment is {0}?', labelIn(t, target)),
    detail: [
      t('It is a remote database, and its environment is not set.'),
      t(
        'You are asked only once. For production, you must type the name of the database before a command writes to it.',
      ),
    ],
    choices: environmentChoices(t),
    yes: null,
  })
  return SAID_ENVIRONMENTS.find((each) => each === answer) ?? null
}

export function environmentChoices(t: Translate): Question['choices'] {
  return [
    { id: 'development', label: t('Development') },
    { id: 'staging', label: t('Staging') },
    { id: 'production', label: t('Production') },
  ]
}

/**
 * Asks before a command writes to the target. For a production database the name must be typed, which `--yes` does not
 * do.
 */
export async function confirmWrite(
  interaction: Interaction,
  target: Writable<DatabaseTarget>,
  question: Question,
): Promise<string | null> {
  return await interaction.confirm({ ...question, writesTo: writtenDatabase(target) })
}

export function writtenDatabase({ url, standing }: DatabaseTarget): WrittenDatabase {
  return { name: describeUrl(url).database, typedBecause: standing.environment === 'production' ? 'production' : null }
}
