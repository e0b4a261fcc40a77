import type { Phrase } from './phrase'

/** A text of a list, with its values found in a finished one. */
export interface KnownText {
  readonly template: readonly string[]
  readonly pattern: RegExp
}

/** @param texts with `{0}` for values; the longer ones first where one begins as another does */
export function patternsOf(texts: readonly string[]): readonly KnownText[] {
  return texts.map((text) => {
    const template = text.split(/\{\d+\}/)
    const parts = template.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return { template, pattern: new RegExp(`^${parts.join('(.+)')}$`, 's') }
  })
}

/** A finished English text as a phrase again; one that is not known stays as it is. */
export function phraseAmong(known: readonly KnownText[], text: string): Phrase {
  for (const { pattern, template } of known) {
    const values = pattern.exec(text)?.slice(1)
    if (values !== undefined) return { template, values }
  }
  return { template: ['', ''], values: [text] }
}
