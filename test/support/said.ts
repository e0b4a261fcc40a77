import { inPlainEnglish, type Phrase } from '../../server/src/text/phrase'

/** A sentence of a plan or a rehearsal in English; empty if there is none. */
export function said(sentence: string | Phrase | null | undefined): string {
  if (sentence === null || sentence === undefined) return ''
  return typeof sentence === 'string' ? sentence : inPlainEnglish(sentence)
}
