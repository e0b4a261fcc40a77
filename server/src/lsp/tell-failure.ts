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

/**
 * Reports a failure: our own client shows the first line, and the details in the output panel on request; other editors
 * show everything at once.
 */
export function tellFailure({ connection, t, isOurClient }: EditorParts, said: SafeText): void {
  if (!isOurClient) {
    connection.window.showErrorMessage(notificationText(said))
    return
  }
  const message = notificationLine(said.split('\n', 1)[0] ?? '')
  // Not awaited, because the command has ended. An editor that is exiting does not answer.
  connection.window
    .showErrorMessage(message, { title: t('Show Output') })
    .then((chosen: unknown) => {
      const isWanted = chosen !== undefined && chosen !== null
      return isWanted ? connection.sendNotification(OutputNotification, { text: `${said}\n`, reveal: true }) : undefined
    })
    .catch(() => undefined)
}
