import { Console } from 'node:console'
import { createConnection, ProposedFeatures, type Connection } from 'vscode-languageserver/node'
import { LanguageServer } from './lsp/language-server'

// Over IPC for VS Code, over --stdio for any other editor.
const connection = process.argv.includes('--stdio') ? stdioConnection(process) : createConnection(ProposedFeatures.all)
new LanguageServer(connection, process.env).listen()

/** The connection with an editor that talks to us over the standard streams. */
function stdioConnection({ stdin, stdout, stderr }: NodeJS.Process): Connection {
  // Output of any package would otherwise corrupt the protocol.
  globalThis.console = new Console(stderr)
  const leave = () => process.exit(1)
  // An editor that disappeared leaves no one to serve.
  stdin.once('end', leave).once('close', leave)
  return createConnection(ProposedFeatures.all, stdin, stdout)
}
