import type { SaidEnvironment } from '../database/environments'
import { isLocalUrl } from '../database/is-local-url'
import { SAID_ENVIRONMENTS } from '../database/environments'
import { standingWords } from '../project/database-standing'
import type { DatabaseTarget } from '../project/database-target'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { environmentChoices, writtenDatabase } from './writable'
import type { Translate } from '../text/translate'
import { labelIn } from '../database/describe-url'

/**
 * Lets a person set the environment of the project's database and its read-only mark. Only this removes such a mark or
 * lowers the protection of production, with a separate question that no option answers.
 */
export async function setEnvironmentCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const { t } = interaction
  const target = await project.databaseTarget(interaction.signal)
  if (target.standing.environment === 'sandbox') {
    return { status: 'done', message: t('{0} is the sandbox.', labelIn(t, target)) }
  }
  const before = project.standings.said(target)
  const isLocal = isLocalUrl(target.url)
  const answer = await interaction.confirm({
    message: t('Which environment is {0}?', labelIn(t, target)),
    detail: [
      t('Production: you must type the name of the database before a command writes to it.'),
      t('Read-only: check, plan and verify work; commands that write are refused.'),
      t('Your answer is saved for your account. "databases" in prisma-audit.json sets it for the team.'),
    ],
    choices: [
      ...(isLocal ? [{ id: 'local', label: t('Local') }] : []),
      ...environmentChoices(t),
      before.readOnly
        ? { id: ALLOW_WRITES, label: t('Allow Writing') }
        : { id: READ_ONLY, label: t('Mark as Read-Only') },
    ],
    yes: null,
  })
  if (answer === null) return nothingSaid(t)
  const environment = SAID_ENVIRONMENTS.find((each) => each === answer) ?? null
  const said =
    answer === READ_ONLY || answer === ALLOW_WRITES
      ? { environment: before.environment, readOnly: answer === READ_ONLY }
      : { environment, readOnly: before.readOnly }
  if (isLess(before, said) && !(await agreesToLess(interaction, target))) return nothingSaid(t)
  project.standings.say(target, said)
  const standing = project.standings.of(target.url, { server: target.server, writesRefused: null })
  project.latestTarget = { ...target, standing }
  const isAsSaid = standing.environment === (said.environment ?? (isLocal ? 'local' : null))
  const isPolicys =
    isAsSaid && (standing.readOnly === 'marked') === said.readOnly ? '' : ` ${t('It is set in the policy.')}`
  return { status: 'done', message: `${labelIn(t, target)}: ${standingWords(standing, t)}.${isPolicys}` }
}

const READ_ONLY = 'read-only'
const ALLOW_WRITES = 'allow-writes'

function nothingSaid(t: Translate): CommandOutcome {
  return { status: 'cancelled', message: `${t('Cancelled.')} ${t('Nothing was changed.')}` }
}

interface Said {
  readonly environment: SaidEnvironment | null
  readonly readOnly: boolean
}

function isLess(before: Said, now: Said): boolean {
  return (before.readOnly && !now.readOnly) || (before.environment === 'production' && now.environment !== 'production')
}

async function agreesToLess(interaction: Interaction, target: DatabaseTarget): Promise<boolean> {
  const { t } = interaction
  const answer = await interaction.confirm({
    message: t('Remove the protection of {0}?', labelIn(t, target)),
    detail: [t('Commands may then write to it as to any other database.')],
    choices: [{ id: 'lift', label: t('Remove Protection') }],
    yes: null,
    writesTo: writtenDatabase(target),
  })
  return answer === 'lift'
}
