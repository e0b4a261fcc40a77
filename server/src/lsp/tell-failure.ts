import type { Connection } from 'vscode-languageserver'
import { OutputNotification } from '../../../protocol/src/index'
import { notificationLine, notificationText } from '../text/notification-text'
import type { SafeText } from '../text/safe-text'
import type { Translate } from '../text/translate'

/** The editor, its language, and whether it is our own client. */
export interface EditorParts {
  readonly connection: Connection
  readonly t: Translate
  readonly isOurClient: boolean
}

/** Tells a failure: our own client by its first line, with all of it in the output panel when asked for; others at once. */
export function tellFailure({ connection, t, isOurClient }: EditorParts, said: SafeText): void {
  if (!isOurClient) {
    connection.window.showErrorMessage(notificationText(said))
    return
  }
  const message = notificationLine(said.split('\n', 1)[0] ?? '')
  // Not waited for: what failed has ended. An editor that is leaving does not answer.
  connection.window
    .showErrorMessage(message, { title: t('Show Output') })
    .then((chosen: unknown) => {
      const isWanted = chosen !== undefined && chosen !== null
      return isWanted ? connection.sendNotification(OutputNotification, { text: `${said}\n`, reveal: true }) : undefined
    })
    .catch(() => undefined)
}
