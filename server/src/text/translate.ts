/** A text in the reader's language: the English one with `{0}` for what is put in, which is also the key of its translation. */
export interface Translate {
  (message: string, ...args: (string | number)[]): string
  /** Does everything stay English? Then what was put together in English once need not be put together again. */
  readonly isEnglish?: () => boolean
}

/** As `vscode.l10n.t`: translations by their English texts, of which each that has none stays English. */
export function createTranslate(translations: Readonly<Record<string, string>> = {}): Translate {
  return (message, ...args) => {
    const text = Object.hasOwn(translations, message) ? (translations[message] ?? message) : message
    // In one pass: what is put in is not looked at again.
    return text.replace(/\{(\d+)\}/g, (placeholder, at: string) => String(args[Number(at)] ?? placeholder))
  }
}

/** The terminal's, and of editors that do not say another language. */
export const inEnglish: Translate = Object.assign(createTranslate(), { isEnglish: () => true })
