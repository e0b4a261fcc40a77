import { getLocation } from 'jsonc-parser'
import { AUDIT_FIELDS } from '../audit-fields/kinds'
import { DEFAULT_POLICY } from '../audit-fields/policy'
import { modelsOf } from '../schema/lookup'
import type { SchemaModel } from '../schema/model'

export interface PolicyCompletion {
  /** A name, to be written as a JSON string. */
  readonly name: string
  readonly kind: 'model' | 'field'
}

export interface PolicyCompletions {
  readonly names: readonly PolicyCompletion[]
  /** The UTF-16 offsets of the text that is replaced: the string at the cursor, or nothing. */
  readonly from: number
  readonly to: number
}

/**
 * The names that are valid at an offset of `prisma-audit.json`, from the current schema. Keys, and the values that the
 * policy's JSON schema lists or has as default, are completed by the editor if it knows that schema
 * (`knowsJsonSchema`).
 */
export function policyCompletions(
  text: string,
  offset: number,
  schema: SchemaModel,
  { knowsJsonSchema }: { readonly knowsJsonSchema: boolean },
): PolicyCompletions | null {
  const { path, previousNode, isAtPropertyKey } = getLocation(text, offset)
  if (isAtPropertyKey) return null
  const [from, to] =
    previousNode?.type === 'string'
      ? [previousNode.offset, previousNode.offset + previousNode.length]
      : [offset, offset]
  if (offset < from || offset > to) return null
  const place = path.map((part) => (typeof part === 'number' ? '*' : part)).join('.')
  const models = modelsOf(schema).map(({ model }) => model)
  const named = (kind: PolicyCompletion['kind'], names: readonly string[]) => ({
    names: [...new Set(names)]
      .filter((name) => !knowsJsonSchema || name !== defaultAt(path))
      .sort()
      .map((name) => ({ name, kind })),
    from,
    to,
  })
  if (place === 'userModel' || place === 'rules.*.models.*') {
    return named(
      'model',
      models.map(({ name }) => name.text),
    )
  }
  if (place === 'rules.*.require.*') return knowsJsonSchema ? null : named('field', AUDIT_FIELDS)
  if (!/^fields\.\w+\.(aliases\.\*|column)$/.test(place)) return null
  return named(
    'field',
    models.flatMap(({ fields }) => fields.map(({ name }) => name.text)),
  )
}

function defaultAt([first, field, key]: readonly (string | number)[]): string | undefined {
  if (first === 'userModel') return DEFAULT_POLICY.userModel
  const named = key === 'column' ? AUDIT_FIELDS.find((name) => name === field) : undefined
  return named === undefined ? undefined : DEFAULT_POLICY.fields[named].column
}
