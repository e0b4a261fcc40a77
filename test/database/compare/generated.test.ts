import assert from 'node:assert/strict'
import fc from 'fast-check'
import { prismaDiff } from '../../support/oracle'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { createFromValidSchema, describe as inWords, drift, readDatabase } from './compare-support'
import { mutationsOf, type Pick } from './mutation-generator'
import { schemaArbitrary } from './schema-generator'

const RUNS = Number(process.env.PRISMA_AUDIT_RUNS ?? 12)

describe('compare: generated schemas', () => {
  const server = usePostgres()

  it('have no drift against the database that Prisma makes of them', async function () {
    this.timeout(600_000)
    await fc.assert(
      fc.asyncProperty(schemaArbitrary(), async (schema) => {
        const database = await createFromValidSchema(server, schema)
        await checked(schema, database).finally(() => database.drop())
      }),
      { numRuns: RUNS },
    )
  })

  it('and a single change, whatever it is, is found by us if and only if Prisma finds it', async function () {
    this.timeout(600_000)
    await fc.assert(
      fc.asyncProperty(schemaArbitrary(), fc.nat(), fc.nat(), async (schema, kind, choice) => {
        const database = await createFromValidSchema(server, schema)
        try {
          const before = await checked(schema, database)
          const mutations = mutationsOf(await readDatabase(database.url, ['public']))
          const pick: Pick = (items) => items[choice % Math.max(items.length, 1)] ?? null
          const sql = mutations[kind % mutations.length]?.(pick) ?? null
          fc.pre(sql !== null)
          // Not every change fits every object.
          const isDone = await database.query(sql).then(
            () => true,
            () => false,
          )
          fc.pre(isDone)
          const after = await findings(schema, database)
          const [weSee, prismaSees] = [after.ours !== before.ours, after.truth !== before.truth]
          assert.equal(weSee, prismaSees, `${sql}\nPrisma: ${after.truth}\nWe: ${after.ours}`)
        } finally {
          await database.drop()
        }
      }),
      { numRuns: RUNS * 2 },
    )
  })
})

interface BothFindings {
  readonly ours: string
  readonly truth: string
}

async function findings(schema: string, database: TestDatabase): Promise<BothFindings> {
  const truth = await prismaDiff(schema, database.url)
  return { truth: truth.text, ours: inWords(await drift(schema, database.url)) }
}

/** On a database that Prisma just made, where its own engine now and then finds fault with what it made. */
async function checked(schema: string, database: TestDatabase): Promise<BothFindings> {
  const truth = await prismaDiff(schema, database.url)
  const found = await drift(schema, database.url)
  assert.equal(inWords(found.filter(({ severity }) => severity !== 'information')), '')
  assert.equal(found.length === 0, truth.isEmpty, `Prisma: ${truth.text}\nWe: ${inWords(found)}`)
  return { truth: truth.text, ours: inWords(found) }
}
