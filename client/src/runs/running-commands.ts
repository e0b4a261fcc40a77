import * as vscode from 'vscode'

/** The commands that the server is running, so that they can also be cancelled outside their notification. */
export interface RunningCommands {
  /**
   * A token source that is cancelled with the given token, or by `cancel`. Dispose of it when the command has ended.
   */
  begin(schemaUri: string, token: vscode.CancellationToken): vscode.CancellationTokenSource
  cancel(schemaUri: string): void
  readonly onDidEnd: vscode.Event<void>
}

export function createRunningCommands(): RunningCommands {
  const sources = new Map<string, Set<vscode.CancellationTokenSource>>()
  const ended = new vscode.EventEmitter<void>()
  return {
    begin(schemaUri, token) {
      const source = new vscode.CancellationTokenSource()
      const ofProject = sources.get(schemaUri) ?? new Set()
      sources.set(schemaUri, ofProject.add(source))
      const following = token.onCancellationRequested(() => source.cancel())
      const dispose = source.dispose.bind(source)
      source.dispose = () => {
        ofProject.delete(source)
        following.dispose()
        dispose()
        ended.fire()
      }
      return source
    },
    cancel: (schemaUri) => sources.get(schemaUri)?.forEach((source) => source.cancel()),
    onDidEnd: ended.event,
  }
}
