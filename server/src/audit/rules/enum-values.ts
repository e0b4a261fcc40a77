import { phrase, type Phrase } from '../../text/phrase'
import type { DatabaseEnum } from '../../database/model'
import type { ExpectedEnum } from '../../expected/model'
import { likelyFormerValue, renameValue } from '../matching/likely-renames'
import { localFinding, type LocalFinding } from './local-finding'

/** `enum-values`: one side has values that the other lacks. Their order is not compared: ADD VALUE appends. */
export function enumValues(expected: ExpectedEnum, actual: DatabaseEnum): LocalFinding[] {
  const wanted = new Set(expected.values.map(({ name }) => name))
  const existing = new Set(actual.values)
  const missing = expected.values.filter(({ name }) => !existing.has(name))
  const unmapped = actual.values.filter((name) => !wanted.has(name))
  if (missing.length === 0 && unmapped.length === 0) return []
  const name = expected.block.name.text
  const notInDatabase =
    missing.length === 0 ? '' : phrase` Missing in the database: ${missing.map((value) => value.name).join(', ')}.`
  const notInSchema = unmapped.length === 0 ? '' : phrase` Missing in the schema: ${unmapped.join(', ')}.`
  return [
    localFinding({
      code: 'enum-values',
      severity: 'warning',
      message: phrase`The values of ${name} differ.${notInDatabase}${notInSchema}${likelyRenames(missing, expected, actual)}`,
      schemaName: actual.schema,
      object: actual.name,
      expected: valueList([...wanted]),
      actual: valueList(actual.values),
      range: missing[0]?.range ?? expected.block.name.range,
    }),
  ]
}

function likelyRenames(missing: ExpectedEnum['values'], expected: ExpectedEnum, actual: DatabaseEnum): string | Phrase {
  return missing.slice(0, MOST_GUESSED).reduce<string | Phrase>((before, { name }) => {
    const former = likelyFormerValue(name, expected, actual)
    if (former === null) return before
    const rename = renameValue(actual, former, name)
    return phrase`${before} Likely renamed: ${former} to ${name}; if so, add @map(${JSON.stringify(former)}) to the value, or run ${rename}.`
  }, '')
}

/** Each is a sentence. All missing values are listed before them. */
const MOST_GUESSED = 50

function valueList(values: readonly string[]): string {
  return values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')
}
