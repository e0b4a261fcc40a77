import { stripVTControlCharacters } from 'node:util'
import { AuditError, messageLine } from '../errors'
import { DOCUMENTATION } from '../text/documentation'
import { linesOf, lineOf, type SafeLine } from '../text/safe-text'
import { phrase, type Phrase } from '../text/phrase'

const PAGE = `${DOCUMENTATION}/smoke.md`

export function applicationNotDescribed(policyFile: string): AuditError {
  return new AuditError('application-not-described', {
    what: phrase`The policy does not say how to test the application.`,
    why: phrase`${policyFile} has no "application".`,
    nextStep: phrase`Add "application": { "start", "ready", "checks" }, as ${PAGE} shows.`,
  })
}

export function portTaken(url: string): AuditError {
  return new AuditError('application-runs-already', {
    what: phrase`The application was not started: another process already uses its port.`,
    why: phrase`${new URL(url).host} accepted connections before the application was started.`,
    nextStep: phrase`Stop it, or remove "start" from the policy to test the running application.`,
  })
}

export function applicationNotStarted(program: string, why: Error | Phrase): AuditError {
  return new AuditError(
    'application-not-started',
    {
      what: phrase`Could not start the application: ${program}.`,
      why: why instanceof Error ? messageLine(why) : why,
      nextStep: phrase`Check "start" and "cwd" of "application" in the policy.`,
    },
    why instanceof Error ? { cause: why } : {},
  )
}

export function applicationEnded(program: string, exitCode: number | null, said: string): AuditError {
  return new AuditError('application-ended', {
    what:
      exitCode === null
        ? phrase`The application was killed by a signal before it was ready.`
        : phrase`The application exited with code ${String(exitCode)} before it was ready.`,
    why: linesOr(program, said),
    nextStep: phrase`Fix the cause and test again.`,
  })
}

/** @param said the end of its output, and whether it has ended without having failed */
export function notReady(
  url: string,
  seconds: number,
  said: { readonly text: string; readonly isGone: boolean },
): AuditError {
  return new AuditError('application-not-ready', {
    what: phrase`The application was not ready after ${String(seconds)} s.`,
    why: said.isGone
      ? [...lastLines(said.text).map((line) => lineOf(line)), phrase`The application exited with code 0.`]
      : linesOr(url, said.text),
    nextStep: phrase`Check that the application listens on ${url}, or increase "timeoutSeconds".`,
  })
}

export const VARIABLES_MISSING = 'application-variable-missing'

export function variablesMissing(names: readonly string[]): AuditError {
  return new AuditError(VARIABLES_MISSING, {
    what: phrase`The application was not tested: environment variables that the policy names are not set.`,
    why: lineOf(names.join(', ')),
    nextStep: phrase`Set them in the terminal and test again. VS Code only has the variables of the terminal that it was started from.`,
  })
}

function linesOr(otherwise: string, said: string): SafeLine[] {
  const lines = lastLines(said).map((line) => lineOf(line))
  return lines.length === 0 ? [lineOf(otherwise)] : lines
}

/** At most the last twenty lines of a process's output. */
export function lastLines(said: string): string[] {
  return linesOf(stripVTControlCharacters(said), 20)
}
