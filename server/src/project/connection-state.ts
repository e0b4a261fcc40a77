import type { SessionState } from '../database/session'
import { describeError } from '../errors'
import { phraseIn, type Phrase } from '../text/phrase'
import type { Translate } from '../text/translate'
import type { DescribedUrl } from '../database/describe-url'

/** The connection of a project, as the status bar shows it. */
export interface LiveState {
  readonly connection: 'none' | 'connecting' | 'connected' | 'unreachable' | 'refused' | 'untrusted'
  /** `app on localhost:5432`; empty if no URL was found. */
  readonly label: string
  /** The label in the language of the user. */
  readonly named: Phrase | null
  /** The sentences of the error, or the source of the URL. */
  readonly detail: (t: Translate) => string
}

export const UNTRUSTED: LiveState = {
  connection: 'untrusted',
  label: '',
  named: null,
  detail: (t) => t('The workspace is not trusted, so Prisma Audit does not connect to a database.'),
}

/** What a session's new state means for the project; null if nothing changes. `source` says where the URL came from. */
export function stateOfSession(
  session: SessionState,
  { label, named }: DescribedUrl,
  source: Phrase,
): LiveState | null {
  switch (session.kind) {
    case 'connecting':
    case 'connected':
      return { connection: session.kind, label, named, detail: (t) => phraseIn(t, source) }
    case 'waiting':
      return { connection: 'unreachable', label, named, detail: (t) => describeError(session.error, t) }
    case 'refused':
      return { connection: 'refused', label, named, detail: (t) => describeError(session.error, t) }
    case 'idle':
    case 'closed':
      return null
  }
}
