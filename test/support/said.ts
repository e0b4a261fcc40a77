import { inPlainEnglish, type Phrase } from '../../server/src/text/phrase'

/** A sentence of a plan in English; empty if there is none. */
export function said(sentence: Phrase | undefined): string {
  return sentence === undefined ? '' : inPlainEnglish(sentence)
}
