import type { ExpectedDatabase, ExpectedColumn } from '../expected/model'

/**
 * The extensions that the schema uses without declaring them, as projects do that create them in a migration: by an
 * operator class, a type, or a function in a default.
 */
export function impliedExtensions({ models, extensions }: ExpectedDatabase): string[] {
  const words = models.flatMap(({ table: { columns, indexes } }) => [
    ...columns.flatMap((column) => [typeWord(column), defaultWord(column)]),
    ...indexes.flatMap((index) => index.columns.map(({ operatorClass }) => operatorClass ?? '')),
  ])
  const used = SIGNS.filter(([, sign]) => words.some((word) => sign.test(word))).map(([name]) => name)
  return used.filter((name) => !extensions.some((declared) => declared.name === name))
}

/** What an extension's operator classes, types and functions are called. */
const SIGNS: readonly (readonly [string, RegExp])[] = [
  ['pg_trgm', /\b(?:gin|gist)_trgm_ops\b/],
  ['citext', /^citext\b/i],
  ['uuid-ossp', /\buuid_generate_v\w+\(/i],
  ['pgcrypto', /\b(?:gen_random_bytes|gen_salt)\(/i],
  ['hstore', /^hstore\b/i],
  ['ltree', /^ltree\b/i],
  ['vector', /^(?:vector|halfvec|sparsevec)\b/i],
]

function typeWord({ type }: ExpectedColumn): string {
  return type.kind === 'scalar' || type.kind === 'unsupported' ? type.text : ''
}

function defaultWord({ default: given }: ExpectedColumn): string {
  return given?.kind === 'expression' ? (given.text ?? '') : ''
}
