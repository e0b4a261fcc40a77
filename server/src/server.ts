import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { LanguageServer } from './lsp/language-server'

// Over IPC for VS Code, over --stdio for any other editor: createConnection reads which from the arguments.
new LanguageServer(createConnection(ProposedFeatures.all), process.env).listen()
