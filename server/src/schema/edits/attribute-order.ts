import type { Attribute } from '../model'

/** Prisma's formatter sorts attributes by this order; those that it does not list stand behind, as they came. */
const ORDER = ['id', 'unique', 'default', 'updatedAt', 'index', 'fulltext', 'map', 'relation', 'ignore']

/** Where in the formatter's order an attribute belongs; a larger number stands further back. */
export function attributeRank(name: Attribute['name']['text']): number {
  const place = ORDER.indexOf(name)
  return place < 0 ? ORDER.length : place
}
