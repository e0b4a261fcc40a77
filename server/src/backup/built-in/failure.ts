import { AuditError } from '../../errors'
import type { Failure } from './messages'

/** An error as data, for a thread or a process that must hand it on. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AuditError) {
    return { code: error.code, message: error.message, why: error.why, nextStep: error.nextStep }
  }
  return { code: null, message: error instanceof Error ? error.message : String(error), why: '', nextStep: '' }
}

/** The error that `toFailure` was given, as good as it can be had again. */
export function fromFailure(failure: Failure): Error {
  if (failure.code === null) return new Error(failure.message)
  return new AuditError(failure.code, {
    what: failure.message,
    why: failure.why.split('\n'),
    nextStep: failure.nextStep.split('\n'),
  })
}
