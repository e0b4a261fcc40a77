import type { ProjectStatus } from '../../../protocol/src/index'

/** What the status bar shows of the commands' target. */
export interface StatusWords {
  /** `$(warning) Prisma Audit: 3 findings` */
  readonly text: string
  /** For a screen reader: `Prisma Audit, crm on localhost:5432: 3 findings`. */
  readonly label: string
  /** Does it want the user? Then the item stands out. */
  readonly isAlarming: boolean
}

/** `project` is the commands' target; undefined where there is none yet. */
export function statusWords(
  project: ProjectStatus | undefined,
  { count, isComplete }: { readonly count: number; readonly isComplete: boolean },
): StatusWords {
  if (project === undefined) {
    const state = !isComplete ? CHECKING : count === 0 ? NO_SCHEMA : { icon: 'project', word: `${count} projects` }
    return {
      text: `$(${state.icon}) Prisma Audit: ${state.word}`,
      label: `Prisma Audit: ${state.word}`,
      isAlarming: false,
    }
  }
  const { icon, isAlarming = false } = stateOf(project)
  const words = stateWords(project)
  const name = count > 1 ? ` (${project.name})` : ''
  const where = [name.trim(), project.databaseLabel].filter((each) => each !== '').join(' ')
  return {
    text: `$(${icon}) Prisma Audit${withoutIcons(name)}: ${words}`,
    label: `Prisma Audit${where === '' ? '' : `, ${where}`}: ${words}`,
    isAlarming,
  }
}

/** `offline, 3 findings` */
export function stateWords(project: ProjectStatus): string {
  const { word } = stateOf(project)
  const findings = findingsWord(project)
  return [word, findings === word ? '' : findings].filter((each) => each !== '').join(', ')
}

/**
 * The Markdown of the tooltip. Names and the server's words are escaped here and not by `appendText`, which makes each
 * space one at which no line may break.
 */
export function statusTooltip(project: ProjectStatus): string {
  const { databaseLabel, detail, findings, policy, connection, hasUnfinishedMigration } = project
  const { error, warning, information } = findings
  const counts = [
    counted(error, 'error', 'errors'),
    counted(warning, 'warning', 'warnings'),
    counted(information, 'information', 'information'),
  ].filter((words) => words !== '')
  const links = [
    ...(connection === 'untrusted' ? ['[Manage Workspace Trust](command:workbench.trust.manage)'] : []),
    ...(connection === 'none' || connection === 'refused' || connection === 'unreachable'
      ? ['[Connect to Database…](command:prismaAudit.connect)']
      : []),
    ...(counts.length > 0 ? ['[Show Problems](command:workbench.actions.view.problems)'] : []),
    ...(connection === 'connected' ? ['[Check Now](command:prismaAudit.check)'] : []),
  ]
  return [
    `**Prisma Audit: ${escaped(project.name)}**`,
    ...(databaseLabel === '' ? [] : [`Database: ${escaped(databaseLabel)}`]),
    ...(detail === '' ? [] : [escaped(detail)]),
    ...(policy === 'invalid' ? ['The audit policy is invalid: its errors are in Problems.'] : []),
    ...(policy === 'none' ? ['No audit policy: only schema and database are compared.'] : []),
    ...(hasUnfinishedMigration
      ? ['A migration of this database is unfinished. Run it again to continue, or roll it back.']
      : []),
    counts.length === 0 ? 'No findings.' : `Findings: ${counts.join(', ')}.`,
    links.join(' · '),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
}

/** The commands that a tooltip's links may run. */
export const TOOLTIP_COMMANDS = [
  'workbench.trust.manage',
  'workbench.actions.view.problems',
  'prismaAudit.connect',
  'prismaAudit.check',
]

/** Errors, warnings and information: what the Problems panel lists of a project. */
export function problemCount({ findings }: Pick<ProjectStatus, 'findings'>): number {
  return findings.error + findings.warning + findings.information
}

interface State {
  readonly icon: string
  readonly word: string
  readonly isAlarming?: boolean
}

const CHECKING: State = { icon: 'sync~spin', word: 'checking' }
const NO_SCHEMA: State = { icon: 'circle-slash', word: 'no Prisma schema' }

function stateOf(project: ProjectStatus): State {
  const { connection, policy, catalogReadAt, hasUnfinishedMigration } = project
  if (connection === 'untrusted') return { icon: 'shield', word: 'workspace not trusted' }
  if (policy === 'invalid') return { icon: 'error', word: 'policy invalid', isAlarming: true }
  if (connection === 'refused') return { icon: 'warning', word: 'login refused', isAlarming: true }
  if (connection === 'none') return { icon: 'debug-disconnect', word: 'no database' }
  if (connection === 'unreachable') return { icon: 'debug-disconnect', word: 'offline' }
  if (hasUnfinishedMigration) return { icon: 'warning', word: 'migration unfinished', isAlarming: true }
  if (connection === 'connecting' || catalogReadAt === null) return CHECKING
  const findings = findingsWord(project)
  if (findings !== '') return { icon: project.findings.error > 0 ? 'error' : 'warning', word: findings }
  return policy === 'none' ? { icon: 'check', word: 'in step, no policy' } : { icon: 'check', word: 'in step' }
}

function findingsWord(project: ProjectStatus): string {
  return counted(problemCount(project), 'finding', 'findings')
}

export function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`
}

/** All punctuation, so that nothing is Markdown, a link, or an address that becomes one. */
function escaped(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&').replaceAll('\n', '\n\n')
}

/** A folder's name may hold what VS Code reads as an icon. */
function withoutIcons(text: string): string {
  return text.replaceAll('$(', '$ (')
}
