import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { codeModels } from '../../server/src/application/model-additions'
import { ApplicationSearch, searchOnce } from '../../server/src/application/search/application-search'
import { parseSchema } from '../../server/src/schema/parse-schema'
import { addition, apply, POLICY, SCHEMA } from '../unit/application/support'

describe('application: the search in a thread of its own', () => {
  const models = codeModels(parseSchema([{ path: 'schema.prisma', text: SCHEMA }]), POLICY, [
    addition('Lead', 'ownerId'),
  ])
  const select = '{ id: true, name: true, createdAt: true }'
  const use = `import { leadSelect } from './select'\nexport const list = () => prisma.lead.findMany({ select: leadSelect })`
  let root: string
  before(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-search-'))
    fs.writeFileSync(path.join(root, 'select.ts'), `export const leadSelect = ${select}`)
    fs.writeFileSync(path.join(root, 'list.ts'), use)
  })
  after(() => {
    fs.rmSync(root, { recursive: true, force: true })
  })
  const scope = (openTexts: readonly (readonly [string, string])[] = []) => ({
    root,
    schemaPath: path.join(root, 'schema.prisma'),
    models,
    openTexts: new Map(openTexts.map(([name, text]) => [path.join(root, name), text])),
  })
  const shown = (found: { readonly edits: readonly { readonly file: string; readonly newText: string }[] }) =>
    found.edits.map(({ file, newText }) => `${path.basename(file)}${newText}`)

  it('reads the disk and the buffers, follows changes from what it knows, and takes edits back', async () => {
    const search = new ApplicationSearch()
    try {
      assert.deepEqual(shown(await search.edits(scope())), ['select.ts, ownerId: true'])
      const done = `export const leadSelect = { ...{}, id: true, name: true, createdAt: true, ownerId: true }`
      assert.deepEqual(shown(await search.edits(scope([['select.ts', done]]))), [])
      // The use in another file counts for a constant that has changed, and goes with its file.
      const changed = await search.changed(path.join(root, 'select.ts'), `export const leadSelect =  ${select}`)
      assert.deepEqual(shown(changed), ['select.ts, ownerId: true'])
      assert.deepEqual(shown(await search.changed(path.join(root, 'list.ts'), null)), [])
      // What an editor does not have open is not sent to it.
      assert.deepEqual(shown(await search.edits(scope())), ['select.ts, ownerId: true'])
      assert.deepEqual(shown(await search.changed(path.join(root, 'list.ts'), use)), [])

      const written = `export const leadSelect = ${select.replace(' }', ', ownerId: true }')}`
      const removals = await search.removals(scope([['select.ts', written]]))
      assert.equal(apply(written, removals), `export const leadSelect = ${select}`)
    } finally {
      search.dispose()
    }
  })

  it('ends at once when it is cancelled', async () => {
    const abort = new AbortController()
    const searching = searchOnce(abort.signal, (search) => search.edits(scope()))
    abort.abort()
    await assert.rejects(searching, { name: 'AbortError' })
  })
})
