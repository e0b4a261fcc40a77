import type { ProjectStatus } from '../../../protocol/src/index'
import type { Translate } from '../translate'
import { activityWord, type Activity } from './activity'

/** The status bar's text for the target project. */
export interface StatusWords {
  /** `$(warning) Prisma Audit: 3 findings` */
  readonly text: string
  /** For a screen reader: `Prisma Audit, crm on localhost:5432: 3 findings`. */
  readonly label: string
  /** Whether the user should act, so that the item is highlighted. */
  readonly isAlarming: boolean
}

export interface StatusSurroundings {
  /** The number of projects. */
  readonly count: number
  /** Whether the workspace was searched for projects. */
  readonly isComplete: boolean
  /** What a command is doing for the target project; it matters more than the state, which it is about to change. */
  readonly activity?: Activity | null
}

/** `project` is the commands' target; undefined if there is none yet. */
export function statusWords(
  t: Translate,
  project: ProjectStatus | undefined,
  { count, isComplete, activity = null }: StatusSurroundings,
): StatusWords {
  if (project === undefined) {
    const state = !isComplete
      ? checking(t)
      : count === 0
        ? { icon: 'circle-slash', word: t('no Prisma schema') }
        : { icon: 'project', word: t('{0} projects', count) }
    return {
      text: `$(${state.icon}) Prisma Audit: ${state.word}`,
      label: `Prisma Audit: ${state.word}`,
      isAlarming: false,
    }
  }
  const { icon, isAlarming = false } = activity === null ? stateOf(t, project) : stateOfActivity(t, activity)
  const words = activity === null ? stateWords(t, project) : activityWord(activity, t)
  const environment = environmentWords(t, project)
  const name = count > 1 ? ` (${project.name})` : ''
  const database = [project.databaseLabel, environment].filter((each) => each !== '').join(', ')
  const where = [name.trim(), database].filter((each) => each !== '').join(' ')
  return {
    text: `$(${icon}) Prisma Audit${withoutIcons(name)}: ${words}${environment === '' ? '' : ` · ${environment}`}`,
    label: `Prisma Audit${where === '' ? '' : `, ${where}`}: ${words}`,
    isAlarming,
  }
}

/** `production, read-only`; empty if nothing is known about a database. */
export function environmentWords(t: Translate, { environment, isReadOnly }: ProjectStatus): string {
  const word = environment === null ? '' : environmentWord(t, environment)
  return [word, isReadOnly ? t('read-only') : ''].filter((each) => each !== '').join(', ')
}

function environmentWord(t: Translate, environment: NonNullable<ProjectStatus['environment']>): string {
  switch (environment) {
    case 'sandbox':
      return t('sandbox')
    case 'local':
      return t('local')
    case 'development':
      return t('development')
    case 'staging':
      return t('staging')
    case 'production':
      return t('production')
    case 'remote':
      return t('remote')
  }
}

/** `offline, 3 findings`. What an invalid policy requires is unknown, so its own errors would pass for all findings. */
export function stateWords(t: Translate, project: ProjectStatus): string {
  const { word } = stateOf(t, project)
  if (project.policy === 'invalid' && word === t('policy invalid')) return word
  const findings = findingCount(t, problemCount(project))
  return [word, findings === word ? '' : findings].filter((each) => each !== '').join(', ')
}

/**
 * The tooltip in Markdown. Names and the server's texts are escaped here, not by `appendText`, which makes every space
 * non-breaking.
 */
export function statusTooltip(t: Translate, project: ProjectStatus): string {
  const { databaseLabel, detail, findings, policy, connection, hasUnfinishedMigration } = project
  const { error, warning, information } = findings
  const counts = [
    ...(error === 0 ? [] : [error === 1 ? t('1 error') : t('{0} errors', error)]),
    ...(warning === 0 ? [] : [warning === 1 ? t('1 warning') : t('{0} warnings', warning)]),
    ...(information === 0 ? [] : [t('{0} information', information)]),
  ]
  const links = [
    ...(connection === 'untrusted' ? [link(t('Manage Workspace Trust'), 'workbench.trust.manage')] : []),
    ...(project.isPostgresql && (connection === 'none' || connection === 'refused' || connection === 'unreachable')
      ? [link(t('Connect to Database…'), 'prismaAudit.connect')]
      : []),
    ...(counts.length > 0 ? [link(t('Show Problems'), 'workbench.actions.view.problems')] : []),
    ...(connection === 'connected' ? [link(t('Check Now'), 'prismaAudit.check')] : []),
  ]
  return [
    `**Prisma Audit: ${escaped(project.name)}**`,
    ...(databaseLabel === '' ? [] : [t('Database: {0}', escaped(databaseLabel))]),
    ...(project.environment === null ? [] : [environmentSentence(t, project)]),
    ...(detail === '' ? [] : [connection === 'connected' ? t('Connection: {0}', escaped(detail)) : escaped(detail)]),
    ...(policy === 'invalid' ? [t('The audit policy is invalid. See Problems for its errors.')] : []),
    ...(policy === 'none' ? [t('No audit policy: only schema and database are compared.')] : []),
    ...(hasUnfinishedMigration
      ? [t('A migration of this database is unfinished. Run it again to continue, or roll it back.')]
      : []),
    counts.length === 0 ? t('No findings.') : t('Findings: {0}.', counts.join(', ')),
    links.join(' · '),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
}

function environmentSentence(t: Translate, { environment, isReadOnly }: ProjectStatus): string {
  const what = environment === 'remote' || environment === null ? t('remote, not set') : environmentWord(t, environment)
  const link = `[${t('Set Database Environment')}](command:prismaAudit.setEnvironment)`
  return [
    `${t('Environment: {0}.', what)} ${link}`,
    ...(isReadOnly ? [t('Read-only: commands that write are refused.')] : []),
  ].join('\n\n')
}

/** The commands that links in a tooltip may run. */
export const TOOLTIP_COMMANDS = [
  'workbench.trust.manage',
  'workbench.actions.view.problems',
  'prismaAudit.connect',
  'prismaAudit.check',
  'prismaAudit.setEnvironment',
]

/** Errors, warnings and information: what the Problems panel lists for a project. */
export function problemCount({ findings }: Pick<ProjectStatus, 'findings'>): number {
  return findings.error + findings.warning + findings.information
}

interface State {
  readonly icon: string
  readonly word: string
  readonly isAlarming?: boolean
}

function checking(t: Translate): State {
  return { icon: 'sync~spin', word: t('checking') }
}

function stateOfActivity(t: Translate, activity: Activity): State {
  return { icon: activity === 'confirm' ? 'question' : 'sync~spin', word: activityWord(activity, t) }
}

/** As Problems marks the most severe of them. */
function severityIcon({ findings: { error, warning } }: ProjectStatus): string {
  return error > 0 ? 'error' : warning > 0 ? 'warning' : 'info'
}

function stateOf(t: Translate, project: ProjectStatus): State {
  const { connection, policy, catalogReadAt, hasUnfinishedMigration } = project
  if (connection === 'untrusted') return { icon: 'shield', word: t('workspace not trusted') }
  if (policy === 'invalid') return { icon: 'error', word: t('policy invalid'), isAlarming: true }
  if (!project.isPostgresql) return { icon: 'circle-slash', word: t('not PostgreSQL') }
  // The login, the database, TLS or the URL itself: the tooltip says which.
  if (connection === 'refused') return { icon: 'warning', word: t('cannot connect'), isAlarming: true }
  if (connection === 'none') return { icon: 'debug-disconnect', word: t('no database') }
  if (connection === 'unreachable') return { icon: 'debug-disconnect', word: t('offline') }
  if (hasUnfinishedMigration) return { icon: 'warning', word: t('migration unfinished'), isAlarming: true }
  if (connection === 'connecting' || catalogReadAt === null) return checking(t)
  const findings = findingCount(t, problemCount(project))
  if (findings !== '') return { icon: severityIcon(project), word: findings }
  return policy === 'none' ? { icon: 'check', word: t('in sync, no policy') } : { icon: 'check', word: t('in sync') }
}

/** `3 findings`; empty for none. */
export function findingCount(t: Translate, count: number): string {
  return count === 0 ? '' : count === 1 ? t('1 finding') : t('{0} findings', count)
}

/** The text is ours, so it contains no Markdown. */
function link(text: string, command: string): string {
  return `[${text}](command:${command})`
}

/** All punctuation, so that nothing is Markdown, a link, or an address that becomes one. */
function escaped(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&').replaceAll('\n', '\n\n')
}

/** A folder's name may contain VS Code's syntax for icons. */
function withoutIcons(text: string): string {
  return text.replaceAll('$(', '$ (')
}
