import * as vscode from 'vscode'
import type { TargetProject } from '../status/target-project'

/**
 * Offers `prisma-audit mcp` to the agents of this editor, where the setting asks for that: the language model tools are the same,
 * and both would be there twice. Does nothing in an editor that is older than the API.
 */
export function offerMcpServer(context: vscode.ExtensionContext, target: TargetProject): vscode.Disposable {
  const lm = vscode.lm as typeof vscode.lm & Partial<McpApi>
  const { McpStdioServerDefinition: Definition } = vscode as typeof vscode & Partial<McpDefinitions>
  if (lm.registerMcpServerDefinitionProvider === undefined || Definition === undefined || !isApiFinal()) return NOTHING
  const changed = new vscode.EventEmitter<void>()
  return vscode.Disposable.from(
    changed,
    target.onDidChange(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SETTING)) changed.fire()
    }),
    lm.registerMcpServerDefinitionProvider('prismaAudit.mcp', {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions() {
        const root = target.current()?.rootUri
        const isWanted = vscode.workspace.getConfiguration().get(SETTING) === 'mcp' && vscode.workspace.isTrusted
        if (!isWanted || root === undefined) return []
        const script = context.asAbsolutePath('dist/cli.js')
        const words = [script, 'mcp', '--cwd', vscode.Uri.parse(root).fsPath]
        // VS Code's own executable, which is Node where it is told so.
        return [new Definition('Prisma Audit', process.execPath, words, { ELECTRON_RUN_AS_NODE: '1' })]
      },
    }),
  )
}

/** VS Code 1.100 has it already, and throws where an extension takes it. */
function isApiFinal(): boolean {
  const [major = 0, minor = 0] = vscode.version.split('.').map(Number)
  return major > 1 || minor >= 101
}

const SETTING = 'prismaAudit.agentTools'

const NOTHING = new vscode.Disposable(() => undefined)

/** As much of the API as is used here; the types of the oldest VS Code that we support do not have it. */
interface McpApi {
  registerMcpServerDefinitionProvider(
    id: string,
    provider: {
      readonly onDidChangeMcpServerDefinitions: vscode.Event<void>
      provideMcpServerDefinitions(): readonly unknown[]
    },
  ): vscode.Disposable
}

interface McpDefinitions {
  McpStdioServerDefinition: new (
    label: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ) => unknown
}
