import { AuditError } from '../../errors'
import type { Failure } from './messages'

/** An error as data, to pass it between threads or processes. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AuditError) {
    return { code: error.code, parts: error.parts }
  }
  return { code: null, message: error instanceof Error ? error.message : String(error) }
}

/** Recreates the error that was passed to `toFailure`, as far as possible. */
export function fromFailure(failure: Failure): Error {
  if (failure.code === null) return new Error(failure.message)
  return new AuditError(failure.code, failure.parts)
}
