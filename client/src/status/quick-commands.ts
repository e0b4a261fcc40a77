import * as vscode from 'vscode'
import type { ProjectStatus } from '../../../protocol/src/index'
import { problemCount } from './status-text'

/** A click on the status bar: what the project's state asks for first, then the rest. */
export async function showQuickCommands(project: ProjectStatus | undefined): Promise<void> {
  const first = project === undefined ? [] : wantedFirst(project)
  const others = COMMANDS.filter(({ command }) => !first.some((item) => item.command === command))
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

const SEPARATOR = { label: '', kind: vscode.QuickPickItemKind.Separator }

const CONNECT: QuickCommand = { label: '$(plug) Connect to Database', command: 'prismaAudit.connect' }
const CHECK: QuickCommand = { label: '$(checklist) Check Schema Against Database', command: 'prismaAudit.check' }
const GUIDED: QuickCommand = { label: '$(rocket) Run Guided Migration', command: 'prismaAudit.guided' }
const ROLL_BACK: QuickCommand = { label: '$(discard) Roll Back Migration', command: 'prismaAudit.rollback' }
const PROBLEMS: QuickCommand = { label: '$(warning) Show Problems', command: 'workbench.actions.view.problems' }
const TRUST: QuickCommand = { label: '$(shield) Manage Workspace Trust', command: 'workbench.trust.manage' }

const COMMANDS: readonly QuickCommand[] = [
  CHECK,
  GUIDED,
  { label: '$(open-preview) Preview Migration', command: 'prismaAudit.preview' },
  { label: '$(verified) Verify Migration', command: 'prismaAudit.verify' },
  ROLL_BACK,
  { label: '$(archive) Back Up Database', command: 'prismaAudit.backup' },
  CONNECT,
  { label: '$(table) Show Coverage', command: 'prismaAudit.showCoverage' },
  { label: '$(output) Show Output', command: 'prismaAudit.showOutput' },
]

function wantedFirst(project: ProjectStatus): readonly QuickCommand[] {
  if (project.connection === 'untrusted') return [TRUST]
  if (project.connection !== 'connected' && project.connection !== 'connecting') return [CONNECT]
  if (project.hasUnfinishedMigration) return [{ ...GUIDED, label: '$(debug-continue) Continue Migration' }, ROLL_BACK]
  return problemCount(project) > 0 ? [PROBLEMS] : []
}
