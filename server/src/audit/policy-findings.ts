import { modelsOf } from '../schema/lookup'
import type { Range, SchemaModel } from '../schema/model'
import { closestName } from '../text/closest-name'
import { phrase, type Phrase } from '../text/phrase'
import { said } from './rules/local-finding'
import { POLICY_CODES, type Finding, type FindingCode } from './finding'
import type { ParsedPolicy } from '../audit-fields/parse-policy'

/**
 * What is wrong with the policy, on the policy's own file: all that makes it invalid, else the models that it names and
 * the schema does not have.
 */
export function policyFindings(source: PolicySource, schema: SchemaModel): Finding[] {
  const { path: file, reading } = source
  const { policy, problems, names } = reading
  if (policy === null) {
    if (problems.length === 0) return []
    const place = placesIn(source.text ?? '')
    return problems.map(({ phrase: message, offset }) =>
      finding({ code: 'policy-invalid', severity: 'error', message, file, range: place(offset) }),
    )
  }
  if (names.length === 0) return []
  const models = modelsOf(schema).map(({ model }) => model.name.text)
  const known = new Set(models)
  const unknown = names.filter(({ name }) => !known.has(name)).slice(0, MOST)
  if (unknown.length === 0) return []
  const place = placesIn(source.text ?? '')
  return unknown.map(({ name, offset }) => {
    const meant = closestName(name, models)
    const message = unknownModel(name, meant)
    // A policy that several projects share may name models of another one; a name that is nearly one of ours is a
    // mistake.
    return finding({
      code: 'policy-model',
      severity: meant === null ? 'warning' : 'error',
      message,
      file,
      range: place(offset),
    })
  })
}

/** In the plan's refusal, too. */
export function unknownModel(name: string, meant: string | null): Phrase {
  const hint = meant === null ? '' : phrase` Did you mean "${meant}"?`
  return phrase`The policy names the model "${name}", which does not exist in the schema.${hint}`
}

/** Of an invalid policy, or a model's name that it misspells: what it requires is not known, so there may be more findings. */
export function isPolicyError({ code, severity }: Pick<Finding, 'code' | 'severity'>): boolean {
  return severity === 'error' && POLICY_CODES.some((each) => each === code)
}

/** A policy's file and what it was read as. The text is only asked for where something is found in it. */
export interface PolicySource {
  readonly path: string
  readonly text: string | null
  readonly reading: ParsedPolicy
}

/** So many are shown. */
const MOST = 20

type Part = Pick<Finding, 'severity' | 'file' | 'range'> & {
  readonly code: FindingCode
  readonly message: Phrase
}

function finding({ message, ...part }: Part): Finding {
  const nothing = { model: null, field: null, schemaName: null, table: null, column: null, object: null }
  return { ...nothing, expected: null, actual: null, ...part, ...said(message) }
}

/** The range of the word or the quoted text at an offset. */
export function placesIn(text: string): (offset: number) => Range {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const positionOf = (offset: number) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low, character: offset - (starts[low] ?? 0) }
  }
  return (given) => {
    const offset = Math.min(given, text.length)
    const word = /^(?:"[^"\n]*"|[^\s,:\]}]+|\S)/.exec(text.slice(offset, offset + 300))?.[0] ?? ''
    return { start: positionOf(offset), end: positionOf(offset + word.length) }
  }
}
