import * as vscode from 'vscode'
import { LanguageClient, RevealOutputChannelOn, TransportKind } from 'vscode-languageclient/node'
import type { InitializationOptions } from '../../protocol/src/index'
import { withoutParameters } from './log'
import { showReviewedEditsTicked } from './reviewed-edits'
import { SERVER_ENVIRONMENT, SERVER_NODE_OPTIONS } from './server-process'

/** The client of our bundled language server, not started yet. The server runs in a separate process, over IPC. */
export function createLanguageClient(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): LanguageClient {
  const module = context.asAbsolutePath('dist/server.js')
  const env = { ...SERVER_ENVIRONMENT, ...process.env }
  return new LanguageClient(
    'prismaAudit',
    'Prisma Audit',
    {
      run: { module, transport: TransportKind.ipc, options: { env, execArgv: [...SERVER_NODE_OPTIONS] } },
      debug: {
        module,
        transport: TransportKind.ipc,
        options: { env, execArgv: [...SERVER_NODE_OPTIONS, '--nolazy', '--inspect=6019'] },
      },
    },
    {
      documentSelector: [
        { scheme: 'file', language: 'prisma' },
        { scheme: 'file', pattern: '**/prisma-audit.json' },
        { scheme: 'file', pattern: '**/migrations/**/*.sql' },
        { scheme: 'file', pattern: '**/migration.sql' },
      ],
      outputChannel: log,
      traceOutputChannel: withoutParameters(log),
      // We report failures of requests that the user made; a request that VS Code made itself is not worth a
      // notification.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: initializationOptions(),
      middleware: { workspace: { handleApplyEdit: showReviewedEditsTicked } },
    },
  )
}

function initializationOptions(): InitializationOptions {
  return {
    client: {
      trusted: vscode.workspace.isTrusted,
      prismaExtensionInstalled: PRISMA_EXTENSIONS.some((id) => vscode.extensions.getExtension(id) !== undefined),
    },
  }
}

const PRISMA_EXTENSIONS = ['Prisma.prisma', 'Prisma.prisma-insider']
