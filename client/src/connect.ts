import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { ConnectRequest, type ConnectAnswer, type ProjectStatus } from '../../protocol/src/index'
import type { CommandEnd } from './report-end'
import type { TargetProject } from './status/target-project'
import type { StoredUrls } from './stored-urls'

/**
 * Asks for a connection URL, has the server try it once, and stores it in the system's keychain only if it connects.
 * The input box stays open until then and shows errors, with the URL as typed. An empty input removes the stored URL.
 * Null if the user closed the box.
 */
export async function connectToDatabase(
  client: LanguageClient,
  target: TargetProject,
  storedUrls: StoredUrls,
): Promise<CommandEnd | null> {
  const project = await target.choose()
  if (project === null) return null
  const documentUri = project?.documentUri ?? null
  const answer = await askForUrl(async (url) => {
    const tried = await client.sendRequest(ConnectRequest, { documentUri, url })
    if (url === null) await storedUrls.forget(tried.rootUri)
    else if (tried.connected) await storedUrls.store(tried.rootUri, url)
    return tried
  })
  if (answer === null) return null
  const next = answer.connected ? [nextAfter(project)] : []
  return { status: 'done', message: answer.message, next }
}

/** Findings appear automatically, but without a policy there are none for audit fields. */
function nextAfter(project: ProjectStatus | undefined): NonNullable<CommandEnd['next']>[number] {
  return project?.policy === 'none'
    ? { command: 'createPolicy', label: vscode.l10n.t('Create Audit Policy') }
    : { command: 'showCoverage', label: vscode.l10n.t('Show Coverage') }
}

/** Null if the user closed the box. Rejects if the server cannot be reached. */
async function askForUrl(tryUrl: (url: string | null) => Promise<ConnectAnswer>): Promise<ConnectAnswer | null> {
  const box = vscode.window.createInputBox()
  box.title = vscode.l10n.t('Prisma Audit: Connect to Database')
  box.prompt = vscode.l10n.t(
    "The URL is tested, then stored in VS Code's secret storage, never in a setting or a file. Leave it empty to remove the stored URL and use the project's own.",
  )
  box.placeholder = 'postgresql://user:password@localhost:5432/app?schema=public'
  box.password = true
  box.ignoreFocusOut = true
  const say = (problem: string | undefined) => {
    box.validationMessage =
      problem === undefined ? undefined : { message: problem, severity: vscode.InputBoxValidationSeverity.Error }
  }
  box.onDidChangeValue(() => say(problemWithUrl(box.value)))
  try {
    return await new Promise((resolve, reject) => {
      box.onDidHide(() => resolve(null))
      const accept = async () => {
        // Only in memory until it connects or the user gives up.
        const typed = box.value.trim()
        if (box.busy || problemWithUrl(typed) !== undefined) return
        box.busy = true
        box.enabled = false
        const answer = await tryUrl(typed === '' ? null : typed)
        box.busy = false
        box.enabled = true
        if (answer.connected || typed === '') resolve(answer)
        else say(answer.message)
      }
      box.onDidAccept(() => void accept().catch(reject))
      box.show()
    })
  } finally {
    box.dispose()
  }
}

/** The problem of a typed URL, in words that do not repeat it; undefined if it can be tried. */
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
    return vscode.l10n.t('The URL must start with postgresql:// or postgres://')
  }
  if (!URL.canParse(text)) {
    return vscode.l10n.t('This is not a URL. Characters such as @ : / ? # in the password must be percent-encoded.')
  }
  if (new URL(text).pathname.length < 2) {
    return vscode.l10n.t('The URL has no database name: postgresql://user:password@host:5432/DATABASE')
  }
  return undefined
}
