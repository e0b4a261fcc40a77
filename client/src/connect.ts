import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { COMMAND_TITLES, ConnectRequest } from '../../protocol/src/index'
import { messageText } from './message-text'
import type { CommandEnd } from './report-end'
import type { TargetProject } from './status/target-project'
import type { StoredUrls } from './stored-urls'

/**
 * Asks for a connection URL, has the server try it once, and stores it in the system's keychain only when it connected; one
 * that did not is offered again as it was typed. An empty answer forgets the stored URL. Null when the user closed the box.
 */
export async function connectToDatabase(
  client: LanguageClient,
  target: TargetProject,
  storedUrls: StoredUrls,
): Promise<CommandEnd | null> {
  const project = await target.choose()
  if (project === null) return null
  const documentUri = project?.documentUri ?? null
  let typed = ''
  for (;;) {
    const entered = await askForUrl(typed)
    if (entered === undefined) return null
    typed = entered.trim()
    const url = typed === '' ? null : typed
    const answer = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Prisma Audit: connecting…') },
      () => client.sendRequest(ConnectRequest, { documentUri, url }),
    )
    if (url === null) await storedUrls.forget(answer.rootUri)
    else if (answer.connected) await storedUrls.store(answer.rootUri, url)
    if (answer.connected) {
      const next = [{ command: 'check', label: vscode.l10n.t(COMMAND_TITLES.check) }] as const
      return { status: 'done', message: answer.message, next, storyIn: 'nowhere' }
    }
    if (url === null) return { status: 'done', message: answer.message, storyIn: 'nowhere' }
    const edit = vscode.l10n.t('Edit URL')
    const button = await vscode.window.showErrorMessage(messageText(answer.message), edit)
    if (button !== edit) return null
  }
}

/** Kept in memory only until it connects or the user gives up. */
function askForUrl(value: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Prisma Audit: Connect to Database'),
    prompt: vscode.l10n.t(
      "Tried once, then kept in VS Code's secret storage, never in a setting or a file. Leave it empty to forget the stored URL and use the project's own.",
    ),
    placeHolder: 'postgresql://user:password@localhost:5432/app?schema=public',
    value,
    password: true,
    ignoreFocusOut: true,
    validateInput: problemWithUrl,
  })
}

/** What is wrong with a URL as typed, in words that do not repeat it; undefined where it can be tried. */
export function problemWithUrl(entered: string): string | undefined {
  const text = entered.trim()
  if (text === '') return undefined
  const scheme = /^([a-z+]+):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === 'prisma' || scheme === 'prisma+postgres') {
    return vscode.l10n.t(
      'This is a Prisma Accelerate or Prisma Postgres proxy URL. Enter the direct URL of the database, postgresql://…',
    )
  }
  if (scheme !== 'postgresql' && scheme !== 'postgres') {
    return vscode.l10n.t('The URL must begin with postgresql:// or postgres://')
  }
  if (!URL.canParse(text)) {
    return vscode.l10n.t('This is not a URL. Characters such as @ : / ? # in the password must be percent-encoded.')
  }
  if (new URL(text).pathname.length < 2) {
    return vscode.l10n.t('The URL names no database: postgresql://user:password@host:5432/DATABASE')
  }
  return undefined
}
