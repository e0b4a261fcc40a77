import fs from 'node:fs'
import path from 'node:path'
import type { BenchProject } from '../bench'
import type { Reaction } from '../editor'
import type { Measurement, Row } from '../measurement'
import { modelName } from '../schema'
import { startOurs, startPrismas } from '../servers'
import { bytes, median, milliseconds, percentile, times } from '../statistics'
import { missingField, Typist } from '../typing'

const MODELS = 1001
const ROUNDS = 10
const OUR_KEYSTROKES = 40
const PRISMAS_KEYSTROKES = 8
const SERVER_TARGET = 10
const ANSWER_TARGET = 4 * 1024

/**
 * Keystroke to diagnostics beside Prisma's language server, over the IPC that VS Code uses: in a project that has no
 * policy yet, and with a policy that every model breaks.
 */
export const keystroke: Row = {
  name: 'keystroke',
  async measure(bench) {
    const quiet = await bench.project(MODELS)
    const flagged = await bench.project(MODELS)
    const policy = { userModel: modelName(0), rules: [{ models: ['*'], require: ['updatedBy'] }] }
    fs.writeFileSync(path.join(flagged.folder, 'prisma-audit.json'), JSON.stringify(policy))
    return [
      ...(await measureTyping(quiet, { when: 'without a policy', target: 40, judgesAnswer: true })),
      ...(await measureTyping(flagged, { when: 'each with a finding', target: 8, judgesAnswer: false })),
    ]
  },
}

/** In turns, so that whatever else the machine does falls on both. */
async function measureTyping(
  project: BenchProject,
  { when, target, judgesAnswer }: { readonly when: string; readonly target: number; readonly judgesAnswer: boolean },
): Promise<Measurement[]> {
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
  await ours.stop()
  await prismas.stop()

  const [ourTimes, prismaTimes] = [our, prisma].map((reactions) => reactions.map((reaction) => reaction.milliseconds))
  const ratio = median(prismaTimes ?? []) / median(ourTimes ?? [])
  const answer = median(our.map((reaction) => reaction.bytes))
  const prismasAnswer = median(prisma.map((reaction) => reaction.bytes))
  const server = percentile(after.serverTimes, 0.95)
  const cpu = (after.cpuMilliseconds - before.cpuMilliseconds) / our.length
  const [ourP95, prismaP95] = [percentile(ourTimes ?? [], 0.95), percentile(prismaTimes ?? [], 0.95)]
  return [
    {
      what: `keystroke → diagnostics, ${MODELS} models, ${when}, median`,
      ours: milliseconds(median(ourTimes ?? [])),
      peer: milliseconds(median(prismaTimes ?? [])),
      ratio: times(ratio),
      target: `≥ ${target} ×`,
      isMet: ratio >= target,
      figures: { oursMedian: median(ourTimes ?? []), prismaMedian: median(prismaTimes ?? []), ratio },
    },
    {
      what: 'the same, 95th percentile',
      ours: milliseconds(ourP95),
      peer: milliseconds(prismaP95),
      ratio: times(prismaP95 / ourP95),
      target: '',
      isMet: null,
      figures: { oursP95: ourP95, prismaP95 },
    },
    {
      what: 'what a keystroke is answered with, median',
      ours: bytes(answer),
      peer: bytes(prismasAnswer),
      ratio: '',
      target: judgesAnswer ? `< ${bytes(ANSWER_TARGET)}` : '',
      isMet: judgesAnswer ? answer < ANSWER_TARGET : null,
      figures: { answerBytes: answer, prismaAnswerBytes: prismasAnswer },
    },
    {
      what: 'our server by itself, from message to answer, 95th percentile (processor time a keystroke beside it)',
      ours: milliseconds(server),
      peer: milliseconds(cpu),
      ratio: '',
      target: judgesAnswer ? `< ${SERVER_TARGET} ms` : '',
      isMet: judgesAnswer ? server < SERVER_TARGET : null,
      figures: { serverMedian: median(after.serverTimes), serverP95: server, serverCpu: cpu },
    },
  ]
}
