import type { Phrase } from './phrase'
import { lineOf, visible } from './safe-text'

/** A document for programs, exact to the last character. Only the functions in this file create one. */
export type DataText = string & { readonly [dataText]: true }

declare const dataText: unique symbol

/**
 * JSON without characters that a terminal interprets or that are invisible: they are escaped, so that a parser gets
 * every name unchanged. Sentences have to be English texts by then: a phrase in the value does not compile.
 */
export function jsonDocument<Value>(value: Value & WithoutPhrases<Value>, indentation: 0 | 2 = 2): DataText {
  const json = JSON.stringify(value, null, indentation)
  return `${json.replace(NOT_SEEN, escapeUnits)}\n` as DataText
}

/** The type itself, with `never` for each phrase in it; an English text, which has a mark in its type, is a text. */
type WithoutPhrases<Value> = Value extends string
  ? Value
  : Value extends Phrase
    ? never
    : Value extends object
      ? { readonly [Key in keyof Value]: WithoutPhrases<Value[Key]> }
      : Value

/** A psql script: names are unchanged, because it is meant to run. */
export function sqlDocument(script: string): DataText {
  return script as DataText
}

/** The URL of a database that we started, on a line: another terminal needs its random password. */
export function ownDatabaseUrl(url: string): DataText {
  return `${url}\n` as DataText
}

/** XML from parts that `xmlText` and `xmlAttribute` created. */
export function xmlDocument(xml: string): DataText {
  return xml as DataText
}

/** Text between tags. XML 1.0 cannot express most control characters, so these are made visible. */
export function xmlText(text: string): string {
  return markup(text)
}

/** The value of an attribute, in double quotes: a line break is only preserved as a character reference. */
export function xmlAttribute(text: string): string {
  return markup(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
}

/** A title in an SQL comment that ends with the line, or in one between slashes. */
export function sqlComment(text: string): string {
  return lineOf(text).replaceAll('*/', '* /').replaceAll('/*', '/ *')
}

function markup(text: string): string {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
  return escaped.split('\r').map(visible).join('&#13;')
}

function escapeUnits(characters: string): string {
  return [...Array(characters.length).keys()]
    .map((index) => `\\u${characters.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('')
}

/** JSON has escaped characters below the space and lone surrogates. The line breaks here belong to the document. */
const NOT_SEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
