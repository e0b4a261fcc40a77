import type { Node } from '@babel/types'
import { typeNameOf } from './syntax'

/** `User` in `Promise<User[] | null>`; null for anything but one name. */
export function recordType(type: Node): string | null {
  if (type.type === 'TSArrayType') return recordType(type.elementType)
  if (type.type === 'TSUnionType') return type.types.map(recordType).find((name) => name !== null) ?? null
  if (type.type !== 'TSTypeReference') return null
  const [inner] = type.typeParameters?.params ?? []
  if (inner === undefined) return type.typeName.type === 'Identifier' ? type.typeName.name : null
  return /^(?:Promise|Array|ReadonlyArray)$/.test(typeNameOf(type.typeName) ?? '') ? recordType(inner) : null
}
