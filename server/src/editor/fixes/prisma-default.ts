import { readDefault } from '../../audit/values/read-default'
import type { Column } from '../../database/model'
import { labelOf } from '../../expected/attributes'
import type { ScalarFamily } from '../../expected/model'
import { scalarType } from '../../expected/scalar-types'
import type { PrismaType } from './prisma-type'

/**
 * The argument of `@default(…)` for the column's default: `now()`, `"draft"`, `dbgenerated("…")`; null if there is
 * none.
 */
export function prismaDefaultOf(column: Column, type: PrismaType): string | null {
  const family = familyOf(type)
  const found = readDefault(column, family)
  switch (found.kind) {
    case 'none':
      return null
    case 'now':
      return 'now()'
    case 'sequence':
      // Prisma has sequences only for integers.
      return family === 'integer' ? 'autoincrement()' : generated(found.text)
    case 'literal':
      return literalOf(found.value, type, family) ?? generated(found.text)
    case 'list': {
      const items = found.values.map((value) => literalOf(value, type, family))
      return items.every((item) => item !== null) ? `[${items.join(', ')}]` : generated(found.text)
    }
    case 'expression':
      return generated(found.text)
  }
}

function familyOf(type: PrismaType): ScalarFamily | null {
  if (type.enumeration !== null) return 'string'
  return scalarType(type.name, undefined)?.family ?? null
}

/** Null if Prisma cannot express it. */
function literalOf(value: string, { enumeration }: PrismaType, family: ScalarFamily | null): string | null {
  if (enumeration !== null) return enumeration.values.find((each) => labelOf(each) === value)?.name.text ?? null
  switch (family) {
    case 'string':
    case 'json':
      return prismaString(value)
    case 'integer':
      return /^-?\d+$/.test(value) ? value : null
    case 'decimal':
      return /^-?\d+(?:\.\d+)?$/.test(value) ? value : null
    case 'boolean':
      return /^t(?:rue)?$/i.test(value) ? 'true' : 'false'
    case 'bytes':
      return /^\\x(?:[\da-f]{2})*$/i.test(value)
        ? prismaString(Buffer.from(value.slice(2), 'hex').toString('base64'))
        : null
    case 'datetime':
    case null:
      return null
  }
}

function generated(expression: string): string {
  return `dbgenerated(${prismaString(expression)})`
}

/** Prisma strings use JSON escapes. */
function prismaString(text: string): string {
  return JSON.stringify(text)
}
