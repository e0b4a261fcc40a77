import * as vscode from 'vscode'
import { COMMAND_TITLES, type ProjectStatus } from '../../../protocol/src/index'
import { problemCount } from './status-text'

/** The menu of the status bar: the actions for the project's state first, then all others. */
export async function showQuickCommands(project: ProjectStatus | undefined): Promise<void> {
  const first = project === undefined ? [] : wantedFirst(project)
  const sandbox = project?.environment === 'sandbox' ? STOP_SANDBOX : START_SANDBOX
  const all = project?.isPostgresql === false ? [SHOW_OUTPUT] : [...COMMANDS, sandbox]
  const others = all.filter(({ command }) => !first.some((item) => item.command === command))
  const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem & { readonly command?: string }>(
    [
      ...first.map(({ icon, title, command }) => ({ label: `$(${icon}) ${title}`, command })),
      ...(first.length === 0 ? [] : [SEPARATOR]),
      ...others.map(({ title, command }) => ({ label: title, command })),
    ],
    { title: 'Prisma Audit', placeHolder: [project?.name, project?.databaseLabel].filter(Boolean).join(': ') },
  )
  if (chosen?.command !== undefined) await vscode.commands.executeCommand(chosen.command)
}

interface QuickCommand {
  readonly title: string
  readonly command: string
}

/** Only what comes first has an icon: in a long list, icons are not told apart. */
interface FirstCommand extends QuickCommand {
  readonly icon: string
}

const { t } = vscode.l10n
const SEPARATOR = { label: '', kind: vscode.QuickPickItemKind.Separator }

const CONNECT = { icon: 'plug', title: t('Connect to Database'), command: 'prismaAudit.connect' }
const CONTINUE = { icon: 'debug-continue', title: t('Continue Migration'), command: 'prismaAudit.guided' }
const ROLL_BACK = { icon: 'discard', title: t(COMMAND_TITLES.rollback), command: 'prismaAudit.rollback' }
const PROBLEMS = { icon: 'warning', title: t('Show Problems'), command: 'workbench.actions.view.problems' }
const CREATE_POLICY = { icon: 'law', title: t('Create Audit Policy'), command: 'prismaAudit.createPolicy' }
const TRUST = { icon: 'shield', title: t('Manage Workspace Trust'), command: 'workbench.trust.manage' }
const START_SANDBOX = { icon: 'beaker', title: t(COMMAND_TITLES.startSandbox), command: 'prismaAudit.startSandbox' }
const SHOW_OUTPUT = { title: t('Show Output'), command: 'prismaAudit.showOutput' }
const STOP_SANDBOX = { title: t(COMMAND_TITLES.stopSandbox), command: 'prismaAudit.stopSandbox' }

const COMMANDS: readonly QuickCommand[] = [
  { title: t(COMMAND_TITLES.check), command: 'prismaAudit.check' },
  { title: t(COMMAND_TITLES.guided), command: 'prismaAudit.guided' },
  { title: t(COMMAND_TITLES.preview), command: 'prismaAudit.preview' },
  { title: t(COMMAND_TITLES.verify), command: 'prismaAudit.verify' },
  ROLL_BACK,
  { title: t(COMMAND_TITLES.backup), command: 'prismaAudit.backup' },
  CONNECT,
  { title: t(COMMAND_TITLES.setEnvironment), command: 'prismaAudit.setEnvironment' },
  { title: t('Show Coverage'), command: 'prismaAudit.showCoverage' },
  SHOW_OUTPUT,
]

function wantedFirst(project: ProjectStatus): readonly FirstCommand[] {
  if (project.connection === 'untrusted') return [TRUST]
  if (!project.isPostgresql) return []
  const policy = project.policy === 'none' ? [CREATE_POLICY] : []
  if (project.connection !== 'connected' && project.connection !== 'connecting')
    return [CONNECT, START_SANDBOX, ...policy]
  if (project.hasUnfinishedMigration) return [CONTINUE, ROLL_BACK]
  return [...policy, ...(problemCount(project) > 0 ? [PROBLEMS] : [])]
}
