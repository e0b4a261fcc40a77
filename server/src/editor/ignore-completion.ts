import { AUDIT_FIELD_KINDS } from '../audit-fields/kinds'
import { DATABASE_CODES, DRIFT_CODES, type Finding } from '../audit/finding'
import type { Translate } from '../text/translate'
import { findingMessage } from './finding-message'

/** A completion in an `@audit-ignore` comment. */
export interface IgnoreWord {
  readonly word: string
  readonly detail: string
  /** Whether it silences a finding at this place. These come first. */
  readonly isFound: boolean
}

/** The completions at the end of the line; null outside such a comment. `here` are the findings of the block. */
export function ignoreWords(
  t: Translate,
  lineToCursor: string,
  here: readonly Finding[],
): readonly IgnoreWord[] | null {
  const names = /^\s*\/\/\/\s*@audit-ignore\s+([\w\s,-]*)$/.exec(lineToCursor)?.[1]
  if (names === undefined) {
    const isBegun = /^\s*\/\/\/\s*@[\w-]*$/.test(lineToCursor)
    return isBegun ? [{ word: '@audit-ignore', detail: t('Ignore a Prisma Audit finding here'), isFound: true }] : null
  }
  const typed = names.split(',').map((name) => name.trim())
  const known = new Set(typed.slice(0, -1))
  // After a complete word only a comma or a colon can follow.
  if (/[\w-]\s+$/.test(names)) return []
  const messages = new Map(here.map((finding) => [finding.code as string, findingMessage(t, finding)]))
  const fields = AUDIT_FIELD_KINDS.map((kind) => ({
    word: kind.name,
    detail: messages.get(kind.code) ?? t('Audit field: {0}', t(kind.meaning)),
    isFound: messages.has(kind.code),
  }))
  const codes = [...DRIFT_CODES, ...DATABASE_CODES].map((code) => ({
    word: code,
    detail: messages.get(code) ?? t('Finding'),
    isFound: messages.has(code),
  }))
  return [...fields, ...codes].filter(({ word }) => !known.has(word))
}
