import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { LanguageServer } from './lsp/language-server'
import { stdioConnection } from './lsp/stdio-connection'

// Over IPC for VS Code, over --stdio for any other editor.
const connection = process.argv.includes('--stdio') ? stdioConnection(process) : createConnection(ProposedFeatures.all)
new LanguageServer(connection, process.env).listen()
