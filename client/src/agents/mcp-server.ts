import * as vscode from 'vscode'
import type { TargetProject } from '../status/target-project'

/**
 * Offers `prisma-audit mcp` to the agents of this editor if the setting requests it: the language model tools are the
 * same, and would otherwise be duplicated. Does nothing in an editor without the API.
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
        // VS Code's executable, which behaves like Node with this variable.
        return [new Definition('Prisma Audit', process.execPath, words, { ELECTRON_RUN_AS_NODE: '1' })]
      },
    }),
  )
}

/** VS Code 1.100 already has the function, but throws when an extension uses it. */
function isApiFinal(): boolean {
  const [major = 0, minor = 0] = vscode.version.split('.').map(Number)
  return major > 1 || minor >= 101
}

const SETTING = 'prismaAudit.agentTools'

const NOTHING = new vscode.Disposable(() => undefined)

/** The part of the API used here; the types of the oldest supported VS Code do not have it. */
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
