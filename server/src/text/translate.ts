import { ENGLISH, grouped } from './amounts'
import type { ForeignText } from './english-text'

/** A text in the user's language: the English text, which is also the key of its translation, with `{0}` for values. */
export interface Translate {
  (message: string, ...args: (ForeignText | number)[]): string
  /** Whether texts stay English, so that a sentence assembled in English need not be assembled again. */
  readonly isEnglish?: () => boolean
}

/**
 * Like `vscode.l10n.t`: translations by their English texts; a text without one stays English. Numbers are grouped as
 * the language does: `1,742`, in German `1.742`.
 */
export function createTranslate(
  translations: Readonly<Record<string, string>> = {},
  language: string = ENGLISH,
): Translate {
  return (message, ...args) => {
    const text = Object.hasOwn(translations, message) ? (translations[message] ?? message) : message
    // In one pass, so that inserted values are not searched for placeholders.
    return text.replace(/\{(\d+)\}/g, (placeholder, at: string) => {
      const value = args[Number(at)] ?? placeholder
      return typeof value === 'number' ? grouped(value, language) : value
    })
  }
}

/** For the terminal, and editors with no translation. */
export const inEnglish: Translate = Object.assign(createTranslate(), { isEnglish: () => true })
