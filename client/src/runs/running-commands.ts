import * as vscode from 'vscode'
import type { ServerCommand } from '../../../protocol/src/index'

/** What runs for each project, so that it is shown and can be cancelled outside its notification, too. */
export interface RunningCommands {
  /** Dispose of the result when the command has ended; its token is cancelled with the given one, or by `cancel`. */
  begin(schemaUri: string, command: ServerCommand, token: vscode.CancellationToken): RunningCommand
  /** The subject of the document that a command of the project waits for the user to read; null if none does. */
  reviewed(schemaUri: string): string | null
  /** The latest that began and has not ended. */
  latest(schemaUri: string): Pick<RunningCommand, 'command' | 'isWaiting'> | undefined
  cancel(schemaUri: string): void
  /** A command began, ended, or began or ended to wait. */
  readonly onDidChange: vscode.Event<void>
  readonly onDidEnd: vscode.Event<void>
  dispose(): void
}

export interface RunningCommand {
  readonly command: ServerCommand
  readonly token: vscode.CancellationToken
  /** Whether it waits for the user: to read a document, or to answer. */
  readonly isWaiting: boolean
  /** The subject of the document that it waits for the user to read; null if it does not. */
  readonly reviews: string | null
  setWaiting(isWaiting: boolean, reviews: string | null): void
  dispose(): void
}

export function createRunningCommands(): RunningCommands {
  const running = new Map<string, RunningCommand[]>()
  const sources = new Map<RunningCommand, vscode.CancellationTokenSource>()
  const changed = new vscode.EventEmitter<void>()
  const ended = new vscode.EventEmitter<void>()
  const of = (schemaUri: string) => running.get(schemaUri) ?? []
  return {
    begin(schemaUri, command, token) {
      const source = new vscode.CancellationTokenSource()
      const following = token.onCancellationRequested(() => source.cancel())
      let isWaiting = false
      let reviews: string | null = null
      const begun: RunningCommand = {
        command,
        token: source.token,
        get isWaiting() {
          return isWaiting
        },
        get reviews() {
          return reviews
        },
        setWaiting(now, subject) {
          reviews = subject
          if (now === isWaiting) return
          isWaiting = now
          changed.fire()
        },
        dispose() {
          running.set(
            schemaUri,
            of(schemaUri).filter((each) => each !== begun),
          )
          sources.delete(begun)
          following.dispose()
          source.dispose()
          changed.fire()
          ended.fire()
        },
      }
      running.set(schemaUri, [...of(schemaUri), begun])
      sources.set(begun, source)
      changed.fire()
      return begun
    },
    reviewed: (schemaUri) => of(schemaUri).find((each) => each.reviews !== null)?.reviews ?? null,
    latest: (schemaUri) => of(schemaUri).at(-1),
    cancel: (schemaUri) => of(schemaUri).forEach((each) => sources.get(each)?.cancel()),
    onDidChange: changed.event,
    onDidEnd: ended.event,
    dispose: () => void vscode.Disposable.from(changed, ended).dispose(),
  }
}
