import assert from 'node:assert/strict'
import { findApplicationEdits } from '../../../server/src/application/find-application-edits'
import type { ApplicationAnswer } from '../../../server/src/application/model'
import { findApplicationRemovals, type RemovalAnswer } from '../../../server/src/application/find-application-removals'
import type { TextEdit } from '../../../server/src/schema/edits/text-edit'
import type { ModelAuditField } from '../../../server/src/audit-fields/present-fields'
import { type AuditField } from '../../../server/src/audit-fields/kinds'
import { DEFAULT_POLICY, type Policy } from '../../../server/src/audit-fields/policy'
import type { Position } from '../../../server/src/schema/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'

export const SCHEMA = `
datasource db {
  provider = "postgresql"
}

model User {
  id        Int      @id @default(autoincrement())
  email     String   @unique
  name      String
  role      String   @default("user")
  createdAt DateTime @default(now())
}

model Lead {
  id        Int      @id @default(autoincrement())
  name      String
  email     String
  status    String   @default("new")
  createdAt DateTime @default(now())
}
`

export const POLICY = DEFAULT_POLICY

export const GUIDE: readonly ModelAuditField[] = [
  addition('User', 'updatedAt'),
  addition('User', 'updatedBy'),
  addition('Lead', 'ownerId'),
]

export function addition(model: string, field: AuditField): ModelAuditField {
  return { model, field }
}

interface Question {
  readonly path?: string
  readonly schema?: string
  readonly policy?: Policy
  readonly additions?: readonly ModelAuditField[]
  /** Other files by path; one of the same path as the text itself is passed over. */
  readonly others?: Readonly<Record<string, string>>
}

export function answer(text: string, question: Question = {}): ApplicationAnswer {
  const { path = 'source.ts', schema = SCHEMA, policy = POLICY, additions = GUIDE, others = {} } = question
  return findApplicationEdits({
    files: [{ path, text }, ...Object.entries(others).map(([other, of]) => ({ path: other, text: of }))],
    schema: parseSchema([{ path: 'schema.prisma', text: schema }]),
    policy,
    additions,
  })
}

/** Applies the edits found in a source and compares; what comes out must need no edit any more. */
export function check(input: string, expected: string, question: Question = {}): void {
  const output = apply(input, answer(input, question))
  assert.equal(output, expected)
  assert.deepEqual(answer(output, question).edits, [], 'the second look finds nothing')
  if (output !== input) assert.equal(apply(output, removals(output, question)), input, 'taken back, it is as it was')
}

/** What a rollback offers to take out of a source. */
export function removals(text: string, question: Question = {}): RemovalAnswer {
  const { path = 'source.ts', schema = SCHEMA, policy = POLICY, additions = GUIDE } = question
  return findApplicationRemovals({
    files: [{ path, text }],
    schema: parseSchema([{ path: 'schema.prisma', text: schema }]),
    policy,
    additions,
  })
}

export function apply(text: string, { edits }: { readonly edits: readonly TextEdit[] }): string {
  let result = text
  for (const { range, newText } of [...edits].reverse()) {
    result = result.slice(0, offsetOf(text, range.start)) + newText + result.slice(offsetOf(text, range.end))
  }
  return result
}

function offsetOf(text: string, { line, character }: Position): number {
  let offset = 0
  for (let count = 0; count < line; count++) offset = text.indexOf('\n', offset) + 1
  return offset + character
}

/** The edits of one source, for administrators: which are offered, and which of them come ticked. */
export function verdict(text: string, path = 'src/admin/service.ts'): string {
  const { edits } = answer(text, { path })
  return edits.length === 0 ? 'left out' : edits.map(({ isTicked }) => (isTicked ? 'ticked' : 'unticked')).join(', ')
}

export const SELECT = '{ select: { id: true, name: true, createdAt: true } }'
/** An endpoint that lists the records. */
export const FIND = `prisma.lead.findMany(${SELECT})`

type Files = Readonly<Record<string, string>>

/** Whether the first select of the first file comes selected. */
export function ticked(files: Files): boolean | undefined {
  const [path = '', text = ''] = Object.entries(files)[0] ?? []
  return answer(text, { path, others: files }).edits.find(({ file }) => file === path)?.isTicked
}

/** Shows when leads were created. */
export const LEADS_PAGE = {
  'app/admin/leads/page.tsx': `export default function Page() {
  const [leads, setLeads] = useState([])
  useEffect(() => { fetch('/api/admin/leads').then((res) => res.json()).then((d) => setLeads(d)) }, [])
  return <main>{leads.map((each) => <p>{format(each.createdAt)}</p>)}</main>
}`,
}
