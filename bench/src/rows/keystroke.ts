import fs from 'node:fs'
import path from 'node:path'
import type { Bench } from '../bench'
import type { Measurement, Row } from '../measurement'
import { startOurs, startPrismas } from '../servers'
import { median, megabytes, milliseconds, percentile, times } from '../statistics'
import { missingField, Typist } from '../typing'
import type { Reaction } from '../editor'

const MODELS = 1001
const ROUNDS = 10
const OUR_KEYSTROKES = 40
const PRISMAS_KEYSTROKES = 8
const RATIO_TARGET = 20
const SERVER_TARGET = 10

/** Keystroke to diagnostics over stdio, in turns, so that whatever else the machine does falls on both. */
export const keystroke: Row = {
  name: 'keystroke',
  async measure(bench) {
    const project = await bench.project(MODELS)
    const ours = await startOurs(project)
    const prismas = await startPrismas(project)
    // Ours has compared with the database when the list is there without an unknown field in it.
    await ours.open(project.file, project.text, (diagnostics) => missingField(diagnostics) === null)
    await prismas.open(project.file, project.text, () => true)
    const ourTypist = new Typist(ours, project, true)
    const prismasTypist = new Typist(prismas, project, false)
    await ourTypist.type(OUR_KEYSTROKES)
    await prismasTypist.type(4)

    const before = await ours.usage()
    const our: Reaction[] = []
    const prisma: Reaction[] = []
    for (let round = 0; round < ROUNDS; round++) {
      our.push(...(await ourTypist.type(OUR_KEYSTROKES)))
      prisma.push(...(await prismasTypist.type(PRISMAS_KEYSTROKES)))
    }
    const after = await ours.usage()
    const prismasUsage = await prismas.usage()
    await ours.stop()
    await prismas.stop()

    const total = { our: our.map((reaction) => reaction.total), prisma: prisma.map((reaction) => reaction.total) }
    const arrived = our.map((reaction) => reaction.arrived)
    const server = percentile(after.serverTimes, 0.95)
    const ratio = median(total.prisma) / median(total.our)
    const p95 = percentile(arrived, 0.95)
    const cpu = (after.cpuMilliseconds - before.cpuMilliseconds) / our.length
    return [
      {
        what: `keystroke → diagnostics, ${MODELS} models, median`,
        ours: milliseconds(median(total.our)),
        peer: milliseconds(median(total.prisma)),
        ratio: times(ratio),
        target: `≥ ${RATIO_TARGET} ×`,
        isMet: ratio >= RATIO_TARGET,
        figures: { oursMedian: median(total.our), prismaMedian: median(total.prisma), ratio },
      },
      {
        what: 'the same, 95th percentile',
        ours: milliseconds(percentile(total.our, 0.95)),
        peer: milliseconds(percentile(total.prisma, 0.95)),
        ratio: times(percentile(total.prisma, 0.95) / percentile(total.our, 0.95)),
        target: '',
        isMet: null,
        figures: { oursP95: percentile(total.our, 0.95), prismaP95: percentile(total.prisma, 0.95) },
      },
      {
        what: 'our server by itself, from message to answer, 95th percentile (processor time a keystroke beside it)',
        ours: milliseconds(server),
        peer: milliseconds(cpu),
        ratio: '',
        target: `< ${SERVER_TARGET} ms`,
        isMet: server < SERVER_TARGET,
        figures: { serverMedian: median(after.serverTimes), serverP95: server, serverCpu: cpu },
      },
      {
        what: 'with the way through the pipe and until the editor has taken the last byte, 95th percentile',
        ours: milliseconds(p95),
        peer: '',
        ratio: '',
        target: '',
        isMet: null,
        figures: { arrivedMedian: median(arrived), arrivedP95: p95 },
      },
      {
        what: 'resident memory of the servers after these edits',
        ours: megabytes(after.rss),
        peer: megabytes(prismasUsage.rss),
        ratio: times(prismasUsage.rss / after.rss),
        target: '',
        isMet: null,
        figures: { oursRss: after.rss, prismaRss: prismasUsage.rss },
      },
      await measureWithPolicy(bench),
    ]
  },
}

/** Without a policy each model has a hint, which makes the list long; with one that asks for nothing it is short. */
async function measureWithPolicy(bench: Bench): Promise<Measurement> {
  const project = await bench.project(MODELS)
  const policy = { userModel: 'Entity0000', rules: [] }
  fs.writeFileSync(path.join(project.folder, 'prisma-audit.json'), JSON.stringify(policy))
  const ours = await startOurs(project)
  await ours.open(project.file, project.text, (diagnostics) => missingField(diagnostics) === null)
  const typist = new Typist(ours, project, true)
  await typist.type(OUR_KEYSTROKES)
  const reactions = await typist.type(OUR_KEYSTROKES * 4)
  await ours.stop()
  const middle = median(reactions.map(({ total }) => total))
  const p95 = percentile(
    reactions.map(({ arrived }) => arrived),
    0.95,
  )
  return {
    what: 'ours with a policy, so without a hint for each model: median (beside it: 95th percentile of the server)',
    ours: milliseconds(middle),
    peer: milliseconds(p95),
    ratio: '',
    target: '',
    isMet: null,
    figures: { oursMedian: middle, serverP95: p95 },
  }
}
