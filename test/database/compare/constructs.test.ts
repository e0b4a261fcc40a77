import assert from 'node:assert/strict'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { createFromSchema, describe as inWords, drift } from './compare-support'
import { CONSTRUCTS } from './constructs'

describe('compare: a database that Prisma made of the schema has no drift', () => {
  const server = usePostgres()

  for (const [name, schema] of Object.entries(CONSTRUCTS)) {
    it(name, async () => {
      const database = await createFromSchema(server, schema)
      const truth = await prismaDiff(schema, database.url)
      const found = await drift(schema, database.url)
      assert.equal(inWords(found.filter(({ severity }) => severity !== 'information')), '')
      assert.equal(found.length === 0, truth.isEmpty, `Prisma: ${truth.text}\nWe: ${inWords(found)}`)
    })
  }
})
