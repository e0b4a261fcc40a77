import type { ConnectAnswer } from '../../../protocol/src/index'
import { describeError } from '../errors'
import type { Project } from '../project/project'
import type { Secrets } from '../database/secrets'
import { notificationLine, notificationText } from '../text/notification-text'
import { uriOfPath } from './uris'
import type { Translate } from '../text/translate'
import { phraseIn } from '../text/phrase'

/** Tries a URL that the user typed, once. If it connects, the project uses it. */
export async function connectTo(
  project: Project,
  url: string | null,
  { secrets, t }: { readonly secrets: Secrets; readonly t: Translate },
): Promise<ConnectAnswer> {
  const rootUri = uriOfPath(project.root)
  if (url === null) {
    project.url.type(null)
    return { rootUri, connected: false, message: t('The stored connection URL was removed.') }
  }
  try {
    const label = phraseIn(t, await project.tryUrl(url))
    return { rootUri, connected: true, message: notificationLine(t('Connected to {0}.', label)) }
  } catch (error) {
    return { rootUri, connected: false, message: notificationText(secrets.blotOut(describeError(error, t))) }
  }
}
