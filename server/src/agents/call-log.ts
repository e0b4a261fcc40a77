import fs from 'node:fs'
import path from 'node:path'
import { makeFolders, renameOver } from '../platform/lasting-files'
import { userFolder } from '../platform/user-folders'
import { AuditError, messageLine } from '../errors'
import { jsonDocument } from '../text/data-text'
import type { EnvironmentVariables } from '../platform/environment-variables'
import { untranslated } from '../text/phrase'

export interface CallLog {
  readonly file: string
  write(call: LoggedCall): void
}

export interface LoggedCall {
  readonly tool: string
  readonly input: unknown
  readonly outcome: 'answered' | 'failed'
  /** A question to a person, and the answer. */
  readonly asked: readonly { readonly question: string; readonly answer: string | null }[]
  readonly seconds: number
  readonly answer: string
}

/**
 * Appends one line of JSON per call to a file that only the user can read, so that a person can see the calls and
 * results of agents. Throws `agent-log-unwritable`: what cannot be logged is not done.
 */
export function openCallLog(environment: EnvironmentVariables): CallLog {
  const file = path.join(userFolder('state', { environment }), 'agents.jsonl')
  const append = (line: string): void => {
    try {
      makeFolders(path.dirname(file), 0o700)
      moveAside(file)
      fs.appendFileSync(file, line, { mode: 0o600 })
    } catch (error) {
      throw logUnwritable(file, error)
    }
  }
  append('')
  return {
    file,
    write(call) {
      const input = JSON.stringify(call.input)
      const bounded = {
        tool: cut(call.tool),
        input: input.length > LONGEST ? cut(input) : call.input,
        answer: cut(call.answer),
      }
      append(jsonDocument({ at: new Date().toISOString(), ...call, ...bounded }, 0))
    },
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text
}

/** UTF-16 units. */
const LONGEST = 4_000

/** The size in bytes after which a new file is started; one older file remains. */
const LARGEST = 5_000_000

function moveAside(file: string): void {
  if ((fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST) renameOver(file, `${file}.1`)
}

function logUnwritable(file: string, error: unknown): AuditError {
  return new AuditError('agent-log-unwritable', {
    what: untranslated`Cannot write the log of agent calls.`,
    why: messageLine(error),
    nextStep: untranslated`Make ${file} writable, or set XDG_STATE_HOME to a folder that is.`,
  })
}
