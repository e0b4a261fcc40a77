import type { Finding } from '../audit/finding'
import { phraseIn } from '../text/phrase'
import type { Translate } from '../text/translate'

/** The message of a finding, in the editor's language if it is translated. */
export function findingMessage(t: Translate, { message, phrase }: Pick<Finding, 'message' | 'phrase'>): string {
  return phrase === undefined || t.isEnglish?.() === true ? message : phraseIn(t, phrase)
}
