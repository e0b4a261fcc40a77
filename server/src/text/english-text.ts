/** A phrase, a number or a list that was put into English: within another text, it would stay so. */
export type EnglishText = string & { readonly [IN_ENGLISH]: true }

/** Any other text, such as a name. */
export type ForeignText = string & { readonly [IN_ENGLISH]?: never }

declare const IN_ENGLISH: unique symbol
