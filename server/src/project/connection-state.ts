import type { SessionState } from '../database/session'
import { describeError } from '../errors'

/** The connection of a project, as the status bar shows it. */
export interface LiveState {
  readonly connection: 'none' | 'connecting' | 'connected' | 'unreachable' | 'refused' | 'untrusted'
  /** `app on localhost:5432`; empty if no URL was found. */
  readonly label: string
  /** The sentences of the error, or the source of the URL. */
  readonly detail: string
}

export const UNTRUSTED: LiveState = {
  connection: 'untrusted',
  label: '',
  detail: 'The workspace is not trusted, so no database is connected to.',
}

/** What a session's new state means for the project; null if nothing changes. `source` says where the URL came from. */
export function stateOfSession(session: SessionState, label: string, source: string): LiveState | null {
  switch (session.kind) {
    case 'connecting':
    case 'connected':
      return { connection: session.kind, label, detail: source }
    case 'waiting':
      return { connection: 'unreachable', label, detail: describeError(session.error) }
    case 'refused':
      return { connection: 'refused', label, detail: describeError(session.error) }
    case 'idle':
    case 'closed':
      return null
  }
}
