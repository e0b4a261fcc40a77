import { warmChecks } from '../check-process'
import type { Measurement, Row } from '../measurement'
import type { PrismaEngine } from '../prisma-engine'
import { median, milliseconds, times } from '../statistics'
import type { Bench } from '../bench'

const ROUNDS = 4
const OUR_CHECKS = 15
const PRISMAS_DIFFS = 5
const TARGET = 10

/** Reading the catalog and comparing, warm, against Prisma's schema engine doing its diff. */
export const catalog: Row = {
  name: 'catalog',
  measure: async (bench) => [await measureTables(bench, 81), await measureTables(bench, 302)],
}

async function measureTables(bench: Bench, tables: number): Promise<Measurement> {
  const project = await bench.project(tables)
  const engine = await bench.openPrismaEngine(project.url, project.text)
  const our: number[] = []
  const prisma: number[] = []
  await timeDiff(engine)
  for (let round = 0; round < ROUNDS; round++) {
    // The first figures are of code that is not compiled yet; the peer's first diff is left out likewise.
    our.push(...(await warmChecks(project, OUR_CHECKS + 5)).slice(5))
    for (let turn = 0; turn < PRISMAS_DIFFS; turn++) prisma.push(await timeDiff(engine))
  }
  await engine.close()
  const ratio = median(prisma) / median(our)
  return {
    what: `read the catalog and compare, warm, ${tables} tables`,
    ours: milliseconds(median(our)),
    peer: milliseconds(median(prisma)),
    ratio: times(ratio),
    target: `≥ ${TARGET} ×`,
    isMet: ratio >= TARGET,
    figures: { oursMedian: median(our), prismaMedian: median(prisma), ratio },
  }
}

async function timeDiff(engine: PrismaEngine): Promise<number> {
  const start = performance.now()
  const isEqual = await engine.diff()
  const milliseconds = performance.now() - start
  if (!isEqual) throw new Error('Prisma finds a difference in the database that its own DDL made.')
  return milliseconds
}
