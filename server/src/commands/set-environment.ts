import type { SaidEnvironment } from '../environments'
import { isLocalUrl } from '../database/is-local-url'
import { SAID_ENVIRONMENTS } from '../environments'
import { standingWords } from '../project/database-standing'
import type { DatabaseTarget } from '../project/live-database'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction, Question } from './interaction'
import { ENVIRONMENT_CHOICES, writtenDatabase } from './writable'

/**
 * Has a person say what the project's database is, and whether it is read-only for us. Nothing else lifts such a mark, or makes
 * less of a production database: that is a question of its own, which no option answers.
 */
export async function setEnvironmentCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const target = await project.databaseTarget(interaction.signal)
  if (target.standing.environment === 'sandbox') return { status: 'done', message: `${target.label} is the sandbox.` }
  const before = project.standings.said(target)
  const isLocal = isLocalUrl(target.url)
  const answer = await interaction.confirm({
    message: `What is ${target.label}?`,
    detail: [
      'Production: the name of the database has to be typed before anything is written.',
      'Read-only: check, plan and verify work; every command that writes refuses.',
      'Your answer is saved for your account. "databases" in prisma-audit.json sets it for the team.',
    ],
    choices: [...(isLocal ? [LOCAL] : []), ...ENVIRONMENT_CHOICES, before.readOnly ? ALLOW_WRITES : READ_ONLY],
    yes: null,
  })
  if (answer === null) return NOTHING_SAID
  const environment = SAID_ENVIRONMENTS.find((each) => each === answer) ?? null
  const said =
    answer === READ_ONLY.id || answer === ALLOW_WRITES.id
      ? { environment: before.environment, readOnly: answer === READ_ONLY.id }
      : { environment, readOnly: before.readOnly }
  if (isLess(before, said) && !(await agreesToLess(interaction, target))) return NOTHING_SAID
  project.standings.say(target, said)
  const standing = project.standings.of(target.url, { server: target.server, writesRefused: null })
  project.latestTarget = { ...target, standing }
  const isAsSaid = standing.environment === (said.environment ?? (isLocal ? 'local' : null))
  const isPolicys = isAsSaid && (standing.readOnly === 'marked') === said.readOnly ? '' : ' The policy says so.'
  return { status: 'done', message: `${target.label}: ${standingWords(standing)}.${isPolicys}` }
}

const LOCAL: Question['choices'][number] = { id: 'local', label: 'Local' }
const READ_ONLY: Question['choices'][number] = { id: 'read-only', label: 'Mark as Read-Only' }
const ALLOW_WRITES: Question['choices'][number] = { id: 'allow-writes', label: 'Allow Writing' }

const NOTHING_SAID: CommandOutcome = { status: 'cancelled', message: 'Cancelled. Nothing was changed.' }

interface Said {
  readonly environment: SaidEnvironment | null
  readonly readOnly: boolean
}

function isLess(before: Said, now: Said): boolean {
  return (before.readOnly && !now.readOnly) || (before.environment === 'production' && now.environment !== 'production')
}

async function agreesToLess(interaction: Interaction, target: DatabaseTarget): Promise<boolean> {
  const answer = await interaction.confirm({
    message: `Lift the protection of ${target.label}?`,
    detail: ['Commands may then write to it as to any other database.'],
    choices: [{ id: 'lift', label: 'Lift Protection' }],
    yes: null,
    writesTo: writtenDatabase(target),
  })
  return answer === 'lift'
}
