import { stripVTControlCharacters } from 'node:util'
import { AuditError, messageLine } from '../errors'
import { linesOf } from '../text/safe-text'

export function applicationNotDescribed(policyFile: string): AuditError {
  return new AuditError('application-not-described', {
    what: 'The policy does not say how to test the application.',
    why: `${policyFile} has no "application".`,
    nextStep: 'Add "application": { "start", "ready", "checks" }; docs/smoke.md shows how.',
  })
}

export function portTaken(url: string): AuditError {
  return new AuditError('application-runs-already', {
    what: 'The application was not started: another process already uses its port.',
    why: `${new URL(url).host} accepts connections before the application was started.`,
    nextStep: 'Stop it, or remove "start" from the policy to test the running application.',
  })
}

export function applicationNotStarted(program: string, cause: Error): AuditError {
  return new AuditError(
    'application-not-started',
    {
      what: `Could not start the application: ${program}.`,
      why: messageLine(cause),
      nextStep: 'Check "start" and "cwd" of "application" in the policy.',
    },
    { cause },
  )
}

export function applicationEnded(program: string, exitCode: number | null, said: string): AuditError {
  const end = exitCode === null ? 'was killed by a signal' : `exited with code ${String(exitCode)}`
  return new AuditError('application-ended', {
    what: `The application ${end} before it was ready.`,
    why: linesOr(program, said),
    nextStep: 'Fix the cause and test again.',
  })
}

export function notReady(url: string, seconds: number, said: string): AuditError {
  return new AuditError('application-not-ready', {
    what: `The application was not ready after ${String(seconds)} s.`,
    why: linesOr(url, said),
    nextStep: `Check that the application listens on ${url}, or increase "timeoutSeconds".`,
  })
}

export const VARIABLES_MISSING = 'application-variable-missing'

export function variablesMissing(names: readonly string[]): AuditError {
  return new AuditError(VARIABLES_MISSING, {
    what: 'The application was not tested: environment variables that the policy names are not set.',
    why: names.join(', '),
    nextStep:
      'Set them in the terminal and test again. VS Code only has the variables of the terminal that it was started from.',
  })
}

function linesOr(otherwise: string, said: string): string[] {
  const lines = lastLines(said)
  return lines.length === 0 ? [otherwise] : lines
}

/** At most the last twenty lines of a process's output. */
export function lastLines(said: string): string[] {
  return linesOf(stripVTControlCharacters(said), 20)
}
