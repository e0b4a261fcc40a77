import { quoteIdentifier } from '../../../database/quote'
import { AuditError, describeError, listOf, type ErrorText } from '../../../errors'
import { phrase } from '../../../text/phrase'
import { phraseOfAnswer, phraseOfCheck } from '../../plan/check-titles'
import { phraseOfTitle } from '../../plan/step-titles'

/** Wraps the failure of a step, and says what is applied. Preserves the code of an error that has one. */
export function stepFailed(
  title: string,
  place: { readonly number: number; readonly count: number },
  applied: number,
  cause: unknown,
): AuditError {
  const code = cause instanceof AuditError ? cause.code : 'step-failed'
  const advice = cause instanceof AuditError ? listOf(cause.parts.nextStep) : []
  return new AuditError(
    code,
    {
      what: phrase`Step ${place.number} of ${place.count} failed: ${phraseOfTitle(title)}.`,
      why: whyOf(cause),
      nextStep: [
        ...advice,
        applied === 0
          ? phrase`No step is applied. Run the migration again to continue, or roll it back.`
          : phrase`The steps before it are applied. Run the migration again to continue, or roll it back.`,
      ],
    },
    { cause },
  )
}

/** As `stepFailed`, for a rollback. */
export function rollbackStepFailed(title: string, undone: number, cause: unknown): AuditError {
  const isKnown = cause instanceof AuditError
  return new AuditError(
    isKnown ? cause.code : 'rollback-failed',
    {
      what: phrase`Could not roll back this step: ${phraseOfTitle(title)}.`,
      why: whyOf(cause),
      nextStep: [
        ...(isKnown ? listOf(cause.parts.nextStep) : []),
        phrase`Steps undone: ${undone}. Roll back again to continue.`,
      ],
    },
    { cause },
  )
}

/** The causes of a failure, line by line. */
function whyOf(cause: unknown): readonly ErrorText[] {
  if (!(cause instanceof AuditError)) return [describeError(cause)]
  const [first = '', ...others] = listOf(cause.parts.why)
  return [phrase`${cause.parts.what} ${first}`, ...others]
}

export function stepNotVerified(title: string, check: string, expected: string, found: string): AuditError {
  return new AuditError('step-not-verified', {
    what: phrase`The step "${phraseOfTitle(title)}" failed its verification.`,
    why: phrase`${phraseOfCheck(check)}: expected ${phraseOfAnswer(expected)}, found ${phraseOfAnswer(found)}.`,
    nextStep: phrase`Another session may have changed the database in the meantime. Plan again, or roll back.`,
  })
}

/** `reason` is why it could not be dropped; null if it was. */
export function unprovenConstraintDropped(error: unknown, constraint: string, reason: string | null): unknown {
  if (!(error instanceof AuditError)) return error
  const name = quoteIdentifier(constraint)
  const said =
    reason === null
      ? phrase`The constraint ${name} was dropped again, so that it does not reject the application's writes. Run the migration again to recreate it.`
      : phrase`The constraint ${name} still rejects writes, because it could not be dropped: ${reason}`
  return new AuditError(
    error.code,
    { ...error.parts, nextStep: [said, ...listOf(error.parts.nextStep)] },
    { cause: error.cause },
  )
}
