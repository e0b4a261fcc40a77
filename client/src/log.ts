import * as vscode from 'vscode'

/**
 * The log: failures with stack and cause, commands, connections, and, at level Trace, requests and queries with their
 * times. In English, so that it can be searched for and sent to others. Results of commands are in the output panel.
 */
export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel(vscode.l10n.t('Prisma Audit Log'), { log: true })
}

/**
 * The log for the language client's tracing. Whatever `prismaAudit.trace.server` is, it contains no parameters: those
 * of a request may contain a connection URL with its password.
 */
export function withoutParameters(log: vscode.LogOutputChannel): vscode.LogOutputChannel {
  const trace = (message: string) => log.trace(message.split('\n', 1)[0] ?? '')
  return new Proxy({} as vscode.LogOutputChannel, {
    get: (_, name): unknown => (name === 'trace' ? trace : Reflect.get(log, name)),
  })
}
