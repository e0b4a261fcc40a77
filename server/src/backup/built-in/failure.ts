import { AuditError } from '../../errors'
import type { Failure } from './messages'

/** An error as data, to pass it between threads or processes. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AuditError) {
    return { code: error.code, message: error.message, why: error.why, nextStep: error.nextStep }
  }
  return { code: null, message: error instanceof Error ? error.message : String(error), why: '', nextStep: '' }
}

/** Recreates the error that was passed to `toFailure`, as far as possible. */
export function fromFailure(failure: Failure): Error {
  if (failure.code === null) return new Error(failure.message)
  return new AuditError(failure.code, {
    what: failure.message,
    why: failure.why.split('\n'),
    nextStep: failure.nextStep.split('\n'),
  })
}
