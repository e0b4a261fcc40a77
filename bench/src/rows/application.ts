import { ApplicationIndex } from '../../../server/src/application/application-index'
import { codeModels } from '../../../server/src/application/model-additions'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { requiredAuditFields } from '../../../server/src/audit-fields/requirements'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import type { Measurement, Row } from '../measurement'
import { median, milliseconds } from '../statistics'

const FILES = 5000
/** Of them, those that read or declare a model: as many as in a large application. */
const READING = 600
/** Lists for administrators, each read by a page through a client. */
const PAGES = 20
const CHANGES = 60
/** The first are of code that is not compiled yet. */
const WARM_UP = 20
/** The files that the editor has open: it is answered about these. One select comes selected while its page shows it. */
const OPEN: ReadonlySet<string> = new Set([
  '/app/src/part0.ts',
  '/app/app/admin/part0/page.tsx',
  '/app/app/api/admin/part0/route.ts',
])
/** Milliseconds of processor time. */
const TARGET = 20

/** The search through the application's code, which an editor asks again for each change of a file that it has open. */
export const application: Row = {
  name: 'application',
  measure(): Promise<Measurement[]> {
    const texts = new Map([
      ...Array.from({ length: FILES }, (_, index) => [`/app/src/part${index}.ts`, textOf(index)] as const),
      ...Array.from({ length: PAGES }, (_, part) => pageOf(part)).flat(),
    ])
    const index = new ApplicationIndex(models(), '/app/', (path) => texts.get(path) ?? null)
    const whole = processorTime(() => {
      for (const [path, text] of texts) index.update(path, text)
      const { edits } = index.answer()
      if (edits.length < READING) throw new Error(`${edits.length} places were found in ${READING} files.`)
    })
    const measured = [200, 2500].map((lines) => {
      const changed = longText(lines)
      const spent = Array.from({ length: CHANGES + WARM_UP }, (_, round) =>
        processorTime(() => {
          index.update('/app/src/part0.ts', `${changed}// ${round}\n`)
          index.answer({ only: OPEN })
        }),
      )
      return { lines, spent: median(spent.slice(WARM_UP)) }
    })
    const page = '/app/app/admin/part0/page.tsx'
    const shown = texts.get(page) ?? ''
    const ofPage = Array.from({ length: CHANGES + WARM_UP }, (_, round) =>
      processorTime(() => {
        texts.set(page, `${shown}// ${round}\n`)
        index.update(page, `${shown}// ${round}\n`)
        if (index.answer({ only: OPEN }).edits.filter(({ isTicked }) => isTicked).length !== 1)
          throw new Error('The page was not found.')
      }),
    )
    const spentOnPage = median(ofPage.slice(WARM_UP))
    return Promise.resolve([
      {
        what: `search ${FILES} files, processor time`,
        ours: milliseconds(whole),
        ...ALONE,
        target: '',
        isMet: null,
        figures: { whole },
      },
      ...measured.map(({ lines, spent }) => ({
        what: `search again after a change of a file of ${lines} lines, processor time`,
        ours: milliseconds(spent),
        ...ALONE,
        target: `< ${TARGET} ms`,
        isMet: spent < TARGET,
        figures: { lines, spent },
      })),
      {
        what: `search again after a change of a page that shows what a select reads, processor time`,
        ours: milliseconds(spentOnPage),
        ...ALONE,
        target: `< ${TARGET} ms`,
        isMet: spentOnPage < TARGET,
        figures: { spent: spentOnPage },
      },
    ])
  },
}

const ALONE = { peer: '', ratio: '' }

function processorTime(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function models() {
  const names = Array.from({ length: 20 }, (_, index) => `Part${index}`)
  const fields = 'id Int @id\n  name String\n  status String\n  createdAt DateTime'
  const text = ['User', ...names].map((name) => `model ${name} {\n  ${fields}\n}\n`).join('')
  const schema = parseSchema([{ path: 'schema.prisma', text }])
  const { policy } = parsePolicy(JSON.stringify({ rules: [{ models: ['*'], require: ['updatedAt', 'updatedBy'] }] }))
  if (policy === null) throw new Error('The policy is not valid.')
  return codeModels(schema, policy, requiredAuditFields(schema, policy))
}

function textOf(index: number): string {
  return index < READING ? longText(200, index % 20) : plain(200)
}

/** A route, its client and its page of 200 lines. */
function pageOf(part: number): (readonly [path: string, text: string])[] {
  const address = `admin/part${part}`
  const rows = Array.from(
    { length: 190 },
    (_, line) => `      <p key={${line}}>{rows[${line}].name} text {line(${line})}</p>`,
  )
  return [
    [
      `/app/app/api/${address}/route.ts`,
      `export async function GET() {
  await requireAdmin()
  await prisma.part${part}.update(args)
  return list()
}
const list = async () =>
  Response.json(await prisma.part${part}.findMany({ select: { id: true, name: true, status: true, createdAt: true } }))
`,
    ],
    [`/app/lib/part${part}-client.ts`, `export const getRows${part} = () => http.get('/${address}')\n`],
    [
      `/app/app/${address}/page.tsx`,
      `import { getRows${part} } from '../../../lib/part${part}-client'
export default async function Page() {
  const rows = await getRows${part}()
  return (
    <main>
      <p>{rows[0].createdAt}</p>
${rows.join('\n')}
    </main>
  )
}
`,
    ],
  ]
}

/** Functions of which one in twelve reads a model, and a type. */
function longText(lines: number, part = 0): string {
  const type = `export interface Part${part} {\n  id: number\n  name: string\n  createdAt: string\n}\n`
  const reads = Array.from(
    { length: Math.ceil(lines / LINES) },
    (_, index) => `export async function list${index}(page: number) {
  const rows = await prisma.part${part}.findMany({
    where: { status: 'open' },
    select: { id: true, name: true, createdAt: true },
    skip: page * 20,
  })
  return rows
}
${plain(LINES - 8, `total${index}`)}`,
  )
  return type + reads.join('')
}

const LINES = 96

function plain(lines: number, name = 'total'): string {
  const functions = Array.from(
    { length: Math.ceil(lines / 8) },
    (
      _,
      index,
    ) => `export function ${name}${index}(rows: readonly { price: number; count: number }[], discount = 0): number {
  const sum = rows.reduce((all, { price, count }) => all + price * count, 0)
  if (discount > 0 && sum > 100) {
    return Math.round(sum * (1 - discount) * 100) / 100
  }
  return sum
}

`,
  )
  return functions.join('')
}
