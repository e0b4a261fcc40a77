import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { parseCopyPart } from '../../../server/src/backup/export/export-format'
import { readExport } from '../../../server/src/backup/export/read-export'
import type { AuditError } from '../../../server/src/errors'
import { parseDumpEntry } from '../../../server/src/backup/sql/dump-entry'

describe('backups that somebody made to do harm', () => {
  it('copy rows into a table, and do nothing else', () => {
    const part = (table: string, statement: string, lines = 1) =>
      parseCopyPart(`copy ${JSON.stringify({ table, statement, lines })}`)
    const good = [
      ['public."User"', 'COPY public."User" FROM stdin', 1],
      ['"a""b\n".t', 'COPY "a""b\n".t (id, "x, ""y"")") FROM stdin', 2],
    ] as const
    for (const [table, statement, lines] of good) {
      assert.deepEqual(part(table, statement, lines), { table, statement, lines })
      assert.equal(part(table, statement, lines + 1), null)
    }
    for (const [table, statement] of [
      [`a.b FROM PROGRAM 'id' --`, `COPY a.b FROM PROGRAM 'id' -- FROM stdin`],
      ['a.b', `COPY a.b FROM PROGRAM 'id' -- FROM stdin`],
      ['a.b', `COPY a.b FROM '/etc/passwd'; SELECT 1 FROM stdin`],
      ['a.b', 'COPY a.b (c) WHERE f() FROM stdin'],
      ['a.b', 'COPY a.b (c, f()) FROM stdin'],
      ['a.b', 'COPY a.bc FROM stdin'],
      ['a', 'COPY a FROM stdin'],
      ['(SELECT 1)', 'COPY (SELECT 1) FROM stdin'],
    ] as const)
      assert.equal(part(table, statement), null, statement)
    for (const text of [
      'copy',
      'copy {',
      'copy null',
      'copy []',
      'copy {"table":1}',
      'copy {"__proto__":{}}',
      '{"lines":1e999}',
    ])
      assert.equal(parseCopyPart(text), null, text)
  })

  it('fill no memory, however much a small file unpacks to', async function () {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-bomb-'))
    try {
      const file = path.join(folder, 'a.sql.gz')
      const nothing = () => undefined
      const handler = { sql: nothing, beginRows: nothing, rows: nothing, endRows: nothing }
      const refused = async (content: Buffer, reason: RegExp): Promise<void> => {
        fs.writeFileSync(file, gzipSync(content, { level: 1 }))
        await assert.rejects(readExport(file, handler), (error: AuditError) => reason.test(error.why))
      }
      await refused(Buffer.alloc(64_000_001, 'a'), /A line of its SQL has more than 64 MB/)
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })

  it('name objects in lines that are matched in no time', () => {
    const line = `-- Name: ${'; Type: A; Schema: '.repeat(1_000_000)}`
    assert.equal(parseDumpEntry(line), null)
    assert.deepEqual(parseDumpEntry('-- Name: f(a, b); Type: FUNCTION; Schema: s; Owner: -'), {
      type: 'FUNCTION',
      schema: 's',
      name: 'f(a, b)',
      owner: '',
      tablespace: '',
    })
  })
})
