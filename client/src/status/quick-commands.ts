import * as vscode from 'vscode'
import { COMMAND_TITLES, type ProjectStatus } from '../../../protocol/src/index'
import { problemCount } from './status-text'

/** The menu of the status bar: the actions for the project's state first, then all others. */
export async function showQuickCommands(project: ProjectStatus | undefined): Promise<void> {
  const first = project === undefined ? [] : wantedFirst(project)
  const sandbox = project?.environment === 'sandbox' ? STOP_SANDBOX : START_SANDBOX
  const others = [...COMMANDS, sandbox].filter(({ command }) => !first.some((item) => item.command === command))
  const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem & Partial<QuickCommand>>(
    [...first, ...(first.length === 0 ? [] : [SEPARATOR]), ...others],
    { title: 'Prisma Audit', placeHolder: [project?.name, project?.databaseLabel].filter(Boolean).join(': ') },
  )
  if (chosen?.command !== undefined) await vscode.commands.executeCommand(chosen.command)
}

interface QuickCommand {
  readonly label: string
  readonly command: string
}

function quickCommand(icon: string, title: string, command: string): QuickCommand {
  return { label: `$(${icon}) ${title}`, command }
}

const { t } = vscode.l10n
const SEPARATOR = { label: '', kind: vscode.QuickPickItemKind.Separator }

const CONNECT = quickCommand('plug', t('Connect to Database'), 'prismaAudit.connect')
const CHECK = quickCommand('checklist', t(COMMAND_TITLES.check), 'prismaAudit.check')
const GUIDED = quickCommand('rocket', t(COMMAND_TITLES.guided), 'prismaAudit.guided')
const CONTINUE = quickCommand('debug-continue', t('Continue Migration'), 'prismaAudit.guided')
const ROLL_BACK = quickCommand('discard', t(COMMAND_TITLES.rollback), 'prismaAudit.rollback')
const PROBLEMS = quickCommand('warning', t('Show Problems'), 'workbench.actions.view.problems')
const CREATE_POLICY = quickCommand('law', t('Create Audit Policy'), 'prismaAudit.createPolicy')
const TRUST = quickCommand('shield', t('Manage Workspace Trust'), 'workbench.trust.manage')

const START_SANDBOX = quickCommand('beaker', t(COMMAND_TITLES.startSandbox), 'prismaAudit.startSandbox')
const STOP_SANDBOX = quickCommand('beaker-stop', t(COMMAND_TITLES.stopSandbox), 'prismaAudit.stopSandbox')

const COMMANDS: readonly QuickCommand[] = [
  CHECK,
  GUIDED,
  quickCommand('open-preview', t(COMMAND_TITLES.preview), 'prismaAudit.preview'),
  quickCommand('verified', t(COMMAND_TITLES.verify), 'prismaAudit.verify'),
  ROLL_BACK,
  quickCommand('archive', t(COMMAND_TITLES.backup), 'prismaAudit.backup'),
  CONNECT,
  quickCommand('tag', t(COMMAND_TITLES.setEnvironment), 'prismaAudit.setEnvironment'),
  quickCommand('table', t('Show Coverage'), 'prismaAudit.showCoverage'),
  quickCommand('output', t('Show Output'), 'prismaAudit.showOutput'),
]

function wantedFirst(project: ProjectStatus): readonly QuickCommand[] {
  if (project.connection === 'untrusted') return [TRUST]
  const policy = project.policy === 'none' ? [CREATE_POLICY] : []
  if (project.connection !== 'connected' && project.connection !== 'connecting')
    return [CONNECT, START_SANDBOX, ...policy]
  if (project.hasUnfinishedMigration) return [CONTINUE, ROLL_BACK]
  return [...policy, ...(problemCount(project) > 0 ? [PROBLEMS] : [])]
}
