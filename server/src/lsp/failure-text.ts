import { describeError, isUnexpected } from '../errors'
import { joinTexts, lineOf, type SafeText } from '../text/safe-text'
import type { Translate } from '../text/translate'

/**
 * What an editor says about a failure; the first line alone is the notification. Words that are not made for a person,
 * such as those of a TypeError, come second.
 */
export function failureText(error: unknown, t: Translate): SafeText {
  const said = describeError(error, t)
  if (!isUnexpected(error)) return said
  return joinTexts([lineOf(t('Unexpected error in Prisma Audit. Try again; the details are in the log.')), said])
}
