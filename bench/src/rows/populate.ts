import { runPlan } from '../../../server/src/migration/run/run-plan'
import { LEAD_ROWS, LeadServer, planLeadDatabase, run } from '../lead-database'
import type { Measurement, Row } from '../measurement'
import { times } from '../statistics'

const TARGET = 0.5

/** Rows a second that get an owner: our batches, against one UPDATE of the whole table in the very same state. */
export const populate: Row = {
  name: 'populate',
  async measure() {
    const server = await LeadServer.start()
    try {
      return await measure(server)
    } finally {
      await server.stop()
    }
  },
}

async function measure(server: LeadServer): Promise<Measurement[]> {
  const our = LEAD_ROWS / (await secondsOfOurs(server))
  const bare = LEAD_ROWS / (await secondsOfPlain(server, ''))
  const plain = LEAD_ROWS / (await secondsOfPlain(server, FOREIGN_KEY))
  const ratio = our / plain
  return [
    {
      what: `populate owners, ${LEAD_ROWS.toLocaleString('en-US')} rows, against one UPDATE`,
      ours: rate(our),
      peer: rate(plain),
      ratio: times(ratio),
      target: `≥ ${TARGET} ×`,
      isMet: ratio >= TARGET,
      figures: { oursRowsPerSecond: our, plainRowsPerSecond: plain, ratio },
    },
    {
      what: '… against one UPDATE that has no foreign key to check',
      ours: rate(our),
      peer: rate(bare),
      ratio: times(our / bare),
      target: '',
      isMet: null,
      figures: { bareRowsPerSecond: bare },
    },
  ]
}

/** From the beginning of the step to the beginning of the next. */
async function secondsOfOurs(server: LeadServer): Promise<number> {
  const url = await server.copy()
  const moments: { readonly kind: string; readonly at: number }[] = []
  await runPlan({
    url,
    plan: await planLeadDatabase(url),
    onProgress: ({ step, rowsDone }) => {
      if (rowsDone === null) moments.push({ kind: step.kind, at: performance.now() })
    },
  })
  await server.drop(url)
  const began = moments.findIndex(({ kind }) => kind === 'populate')
  const [from, to] = moments.slice(began, began + 2)
  if (from === undefined || to === undefined) throw new Error('The plan populates nothing.')
  return (to.at - from.at) / 1000
}

async function secondsOfPlain(server: LeadServer, foreignKey: string): Promise<number> {
  const url = await server.copy()
  await run(url, `ALTER TABLE "Lead" ADD COLUMN "ownerId" integer; ${foreignKey}`)
  const start = performance.now()
  await run(url, `UPDATE "Lead" SET "ownerId" = (SELECT id FROM "User" ORDER BY id LIMIT 1) WHERE "ownerId" IS NULL`)
  const seconds = (performance.now() - start) / 1000
  await server.drop(url)
  return seconds
}

const FOREIGN_KEY = `
  ALTER TABLE "Lead" ADD CONSTRAINT "Lead_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" (id)
    ON DELETE SET NULL ON UPDATE CASCADE NOT VALID`

function rate(rowsPerSecond: number): string {
  return `${Math.round(rowsPerSecond).toLocaleString('en-US')} rows/s`
}
