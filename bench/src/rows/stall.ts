import { setTimeout as pause } from 'node:timers/promises'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { LEAD_ROWS, LeadServer, planLeadDatabase, run } from '../lead-database'
import type { Measurement, Row } from '../measurement'
import { milliseconds, times } from '../statistics'
import { duringTraffic, type Traffic } from '../traffic'

const TIMES_SHORTER = 50

/** Milliseconds over what the same traffic suffers with no migration beside it. */
const BEYOND_NOISE = 100

/**
 * Milliseconds that the noise is looked at before and after: a machine that others use is not the same all the time.
 */
const NOISE_FOR = 20_000

/** The longest that a concurrent writer or reader had to wait while the guide's case ran. */
export const stall: Row = {
  name: 'stall',
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
  const quietBefore = await onCopy(server, () => pause(NOISE_FOR))
  const our = await onCopy(server, async (url) => runPlan({ url, plan: await planLeadDatabase(url) }))
  const quietAfter = await onCopy(server, () => pause(NOISE_FOR))
  const plain = await onCopy(server, async (url) => {
    for (const statement of PLAIN) await run(url, statement)
  })
  const noise = Math.max(quietBefore.longestStall, quietAfter.longestStall)
  const ratio = plain.longestStall / our.longestStall
  const beyond = our.longestStall - noise
  return [
    {
      what: `longest stall of writers and readers, ${LEAD_ROWS.toLocaleString('en-US')} leads, against the guide's plain SQL`,
      ours: milliseconds(our.longestStall),
      peer: milliseconds(plain.longestStall),
      ratio: times(ratio),
      target: `≥ ${TIMES_SHORTER} ×`,
      isMet: ratio >= TIMES_SHORTER,
      figures: { ours: our.longestStall, plain: plain.longestStall, ratio, statements: our.statements },
    },
    {
      what: '… beyond the noise of the machine, with no migration (as peer)',
      ours: milliseconds(our.longestStall),
      peer: milliseconds(noise),
      ratio: `${beyond < 0 ? '−' : '+'} ${milliseconds(Math.abs(beyond))}`,
      target: `≤ + ${BEYOND_NOISE} ms`,
      isMet: beyond <= BEYOND_NOISE,
      figures: { noise, beyond },
    },
  ]
}

async function onCopy(server: LeadServer, work: (url: string) => Promise<unknown>): Promise<Traffic> {
  const url = await server.copy()
  try {
    return await duringTraffic(url, () => work(url))
  } finally {
    await server.drop(url)
  }
}

/** What the guide's migration does, each statement by itself, as `psql -f` runs a file. */
const PLAIN = [
  `ALTER TABLE "User" ADD COLUMN IF NOT EXISTS "updatedAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP`,
  `ALTER TABLE "User" ADD COLUMN IF NOT EXISTS "updatedBy" integer`,
  `ALTER TABLE "Lead" ADD COLUMN IF NOT EXISTS "ownerId" integer`,
  `ALTER TABLE "User" ADD CONSTRAINT "User_updatedBy_fkey" FOREIGN KEY ("updatedBy") REFERENCES "User" (id) ON DELETE SET NULL`,
  `ALTER TABLE "Lead" ADD CONSTRAINT "Lead_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" (id) ON DELETE SET NULL`,
  `UPDATE "Lead" SET "ownerId" = (SELECT id FROM "User" ORDER BY id LIMIT 1) WHERE "ownerId" IS NULL`,
  `CREATE INDEX IF NOT EXISTS "User_updatedAt_idx" ON "User" ("updatedAt")`,
  `CREATE INDEX IF NOT EXISTS "User_updatedBy_idx" ON "User" ("updatedBy")`,
  `CREATE INDEX IF NOT EXISTS "Lead_ownerId_idx" ON "Lead" ("ownerId")`,
  `CREATE OR REPLACE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW."updatedAt" = CURRENT_TIMESTAMP; RETURN NEW; END $$`,
  `CREATE TRIGGER update_user_updated_at BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()`,
]
