import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import * as esbuild from 'esbuild'
import floors from '../../scripts/floors.json'

describe('the walls', () => {
  for (const [folder, rooms] of Object.entries(floors)) {
    it(`give every room of ${folder} one floor, and name none that is not there`, () => {
      assert.deepEqual(rooms.flat().sort(), fs.readdirSync(path.join(__REPOSITORY__, folder)).sort())
    })
  }

  it('stand in ARCHITECTURE.md: for each room what it may never do', () => {
    const page = fs.readFileSync(path.join(__REPOSITORY__, 'ARCHITECTURE.md'), 'utf8')
    const sections = page.split(/^#+ (?=.)/m).filter((section) => /^\*\*Never\*\* \S.{10,}/m.test(section))
    const headings = sections.map((section) => section.split('\n', 1)[0]!)
    const described = new Set(
      headings.flatMap((heading) => [...heading.matchAll(/`([^`]+)`/g)].map(([, room]) => room)),
    )
    const rooms = floors['server/src'].flat().filter((room) => !room.endsWith('.d.ts'))
    for (const room of [...rooms, 'client/src', 'protocol/src', 'action/src'])
      assert.ok(described.has(room), `ARCHITECTURE.md says nothing of what ${room} may never do`)
  })

  it('let the language server start without what only commands and policies need', async () => {
    const loaded = await importedAtStart('server/src/server.ts')
    assert.ok(loaded.some((file) => file.includes('node_modules/pg/')))
    const heavy = /node_modules\/(zod|@babel|@modelcontextprotocol|libpg-query|@prisma)\//
    assert.deepEqual(
      loaded.filter((file) => heavy.test(file)),
      [],
    )
  })
})

/** The modules that are evaluated as soon as the entry is, by their paths: what is imported dynamically is not. */
async function importedAtStart(entry: string): Promise<string[]> {
  const { metafile } = await esbuild.build({
    absWorkingDir: __REPOSITORY__,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    outdir: 'out',
    mainFields: ['module', 'main'],
    external: ['pg-native'],
    loader: { '.sql': 'text', '.txt': 'text' },
    define: { __BUNDLE_FOLDER__: '""' },
  })
  const found = new Set<string>()
  const follow = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    for (const { path: next, kind } of metafile.inputs[file]?.imports ?? []) {
      if (kind === 'import-statement') follow(next)
    }
  }
  follow(entry)
  return [...found]
}
