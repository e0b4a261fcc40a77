import type { Attribute } from '../model'

/** The order in which Prisma's formatter sorts attributes; unlisted ones follow in their original order. */
const ORDER = ['id', 'unique', 'default', 'updatedAt', 'index', 'fulltext', 'map', 'relation', 'ignore']

/** The position of an attribute in the formatter's order; larger is later. */
export function attributeRank(name: Attribute['name']['text']): number {
  const place = ORDER.indexOf(name)
  return place < 0 ? ORDER.length : place
}
