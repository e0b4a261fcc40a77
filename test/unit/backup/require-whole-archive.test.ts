import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { requireWholeArchive } from '../../../server/src/backup/native/require-whole-archive'
import type { AuditError } from '../../../server/src/errors'

describe('requireWholeArchive', () => {
  let folder = ''
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-archive-'))
  })
  after(() => {
    fs.rmSync(folder, { recursive: true })
  })

  it('accepts the COPY of rows and the statistics that pg_dump writes', async () => {
    for (const copy of [
      null,
      '',
      'COPY public.t (id, "ownerId") FROM stdin;\n',
      // Without columns there are two spaces.
      'COPY public.nothing  FROM stdin;\n',
      'COPY "a.b ""c""\n"."T; 1" ("COPY x FROM stdin;", id) FROM stdin;\n',
      `COPY public.t (${Array.from({ length: 1600 }, (_, number) => `"${'""'.repeat(50)}${number}"`).join(', ')}) FROM stdin;\n`,
    ])
      await requireWholeArchive(archive({ type: 'TABLE DATA', copy }))
    await requireWholeArchive(archive({ type: 'STATISTICS DATA', definition: `${STATISTICS}\n\n${STATISTICS}\n` }))
  })

  it('rejects SQL that pg_restore runs with the rows and does not show', async () => {
    for (const copy of [
      `COPY public.t (id) FROM PROGRAM 'id';\n`,
      `COPY public.t (id) FROM PROGRAM 'id' -- FROM stdin;\n`,
      `COPY public.t (id) FROM '/etc/passwd';\n`,
      'COPY public.t (id) FROM stdin;\nDROP TABLE u;\n',
      'COPY public.t (id) FROM stdin WHERE f(id);\n',
      'COPY t (id) FROM stdin;\n',
      `COPY public.t (id) FROM PROGRAM '${'a'.repeat(300_000)}' -- FROM stdin;\n`,
    ])
      await rejected({ type: 'TABLE DATA', copy }, /a COPY of something other than its rows/)
    await rejected({ type: 'INDEX', copy: 'DROP TABLE u' }, /a COPY of something other than its rows/)
    const DROP = { type: 'STATISTICS DATA', definition: `${STATISTICS} DROP DATABASE app;` }
    await rejected(DROP, /DROP DATABASE, which pg_dump does not write/)
    const copy = `COPY public.t (id) FROM '${'a'.repeat(64_000_001)}';\n`
    await rejected({ type: 'TABLE DATA', copy }, /more than 64 MB/)
  })

  const STATISTICS = `SELECT * FROM pg_catalog.pg_restore_relation_stats('version', '180003'::integer, 'relname', 't');`

  interface Entry {
    readonly type: string
    readonly definition?: string
    readonly copy?: string | null
  }

  async function rejected(entry: Entry, reason: RegExp): Promise<void> {
    await assert.rejects(requireWholeArchive(archive(entry)), (error: AuditError) => reason.test(error.why))
  }

  /** A file of the custom format 1.16 with one entry and no rows. */
  function archive({ type, definition = '', copy = null }: Entry): string {
    const integer = (value: number) => {
      const bytes = Buffer.alloc(5)
      bytes.writeUInt8(value < 0 ? 1 : 0)
      bytes.writeUInt32LE(Math.abs(value), 1)
      return bytes
    }
    const text = (value: string | null) =>
      value === null ? integer(-1) : Buffer.concat([integer(Buffer.byteLength(value)), Buffer.from(value)])
    const bytes = Buffer.concat([
      ...[Buffer.from('PGDMP'), Buffer.of(1, 16, 0, 4, 8, 1, 0), ...Array.from({ length: 7 }, () => integer(0))],
      ...['app', '18.3', '18.3'].map(text),
      ...[integer(1), integer(1), integer(0), ...['0', '0', 't', type].map(text), integer(2)],
      ...[definition, '', copy, 'public', '', ''].map(text),
      ...[integer(0), ...['postgres', 'false', null].map(text)],
      // No place of rows.
      Buffer.concat([Buffer.of(3), Buffer.alloc(8)]),
    ])
    const file = path.join(folder, 'a.dump')
    fs.writeFileSync(file, bytes)
    return file
  }
})
