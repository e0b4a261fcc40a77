import type { Finding } from '../audit/finding'
import { phraseIn } from '../text/phrase'
import type { Translate } from '../text/translate'

/** What a finding says, in the editor's language where it has words in it. */
export function findingMessage(t: Translate, { message, phrase }: Pick<Finding, 'message' | 'phrase'>): string {
  return phrase === undefined || t.isEnglish?.() === true ? message : phraseIn(t, phrase)
}
