import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Secrets } from '../../../server/src/database/secrets'
import { Workspace } from '../../../server/src/project/workspace'
import { SourceText } from '../../../server/src/schema/source-text'

describe('the projects of a window', () => {
  let root: string

  beforeEach(() => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-workspace-')))
  })
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

  const SCHEMA = 'datasource db {\n  provider = "postgresql"\n}\n'

  function write(file: string, text = SCHEMA): string {
    const full = path.join(root, file)
    fs.mkdirSync(path.dirname(full), { recursive: true })
    fs.writeFileSync(full, text)
    return full
  }

  function workspaceThatTells(opened: string[], schema: string | null = null): Workspace {
    return new Workspace(
      {
        ...{ environment: {}, secrets: new Secrets(), urlOverride: null, reportsSyntax: false },
        named: () => ({ schema, policyFile: null }),
        storedUrl: () => Promise.resolve(null),
        isTrusted: () => true,
      },
      ({ location }) => opened.push(location.schemaPath),
    )
  }

  it('are one for a schema of several files, whichever of them is opened first', async () => {
    const folder = path.join(root, 'prisma/schema')
    const files = [write('prisma/schema/schema.prisma'), write('prisma/schema/team.prisma', 'model Team {\n}\n')]
    for (const first of files) {
      const opened: string[] = []
      const workspace = workspaceThatTells(opened)
      workspace.folders = [root]
      workspace.projectOf(first)
      workspace.openAll()
      assert.deepEqual(opened, [folder], first)
      await workspace.close()
    }
  })

  it('are one for a schema of several files, though only the folder prisma/ is opened', async () => {
    const packages: Record<string, string> = {
      'by convention/prisma/schema': '',
      'named/prisma/schema': '{ "prisma": { "schema": "./prisma/schema" } }',
      'whole/prisma': '{ "prisma": { "schema": "./prisma" } }',
      'alone/prisma/models': '{ "prisma": { "schema": "prisma/models" } }',
    }
    for (const [folder, manifest] of Object.entries(packages)) {
      const [name = ''] = folder.split('/')
      if (manifest !== '') write(`${name}/package.json`, manifest)
      const files = [write(`${folder}/schema.prisma`), write(`${folder}/sales/team.prisma`, 'model Team {\n}\n')]
      for (const first of [null, ...files]) {
        const opened: string[] = []
        const workspace = workspaceThatTells(opened)
        workspace.folders = [path.join(root, name, 'prisma')]
        if (first !== null) workspace.projectOf(first)
        workspace.openAll()
        assert.deepEqual(opened, [path.join(root, folder)], `${folder} ${first}`)
        assert.equal(workspace.anyProject()?.location.schemaPath, path.join(root, folder))
        await workspace.close()
      }
    }
  })

  it('are one where names ignore case, however a setting, the package or the configuration spells the schema', async () => {
    const file = write('prisma/schema/schema.prisma')
    // As on macOS and Windows: the other spelling leads to the same folder.
    if (!fs.existsSync(path.join(root, 'Prisma'))) fs.symlinkSync('prisma', path.join(root, 'Prisma'), 'dir')
    const schemaPath = path.dirname(file)
    const check = async (schema: string | null) => {
      const opened: string[] = []
      const workspace = workspaceThatTells(opened, schema)
      workspace.folders = [root]
      workspace.openAll()
      assert.equal(workspace.projectOf(file)?.location.schemaPath, schemaPath)
      assert.deepEqual(opened, [schemaPath])
      await workspace.close()
    }
    await check('Prisma/schema')
    await check(path.join(root, 'Prisma/schema'))
    write('package.json', '{ "prisma": { "schema": "Prisma/schema" } }')
    await check(null)
    write('prisma.config.ts', 'export default { schema: "./Prisma/schema" }')
    await check(null)
  })

  it('are none of a file that a package names as its schema and that has another ending', async () => {
    fs.writeFileSync(path.join(root, 'secret.txt'), 'token\n')
    write('package.json', JSON.stringify({ prisma: { schema: path.join(root, 'secret.txt') } }))
    const opened: string[] = []
    const workspace = workspaceThatTells(opened)
    workspace.folders = [root]
    workspace.openAll()
    assert.deepEqual([workspace.anyProject(), opened], [null, []])
    await workspace.close()
  })

  it('are none of a schema without a model, as one for a generator alone, beside one that has models', async () => {
    const folder = path.join(root, 'packages/db/prisma/schema')
    write('packages/db/prisma/schema/schema.prisma')
    write('packages/db/prisma/schema/team.prisma', 'model Team {\n  id Int @id\n}\n')
    const empty = path.dirname(write('apps/api/prisma/schema/schema.prisma'))
    const found = async () => {
      const opened: string[] = []
      const workspace = workspaceThatTells(opened)
      workspace.folders = [root]
      workspace.openAll()
      await workspace.close()
      return opened
    }
    assert.deepEqual(await found(), [folder])
    fs.rmSync(path.join(folder, 'team.prisma'))
    assert.deepEqual(await found(), [empty, folder])
  })

  it('include a schema that appears, and the copy that is generated with a client only when it is opened', async () => {
    const opened: string[] = []
    const workspace = workspaceThatTells(opened)
    const schema = write('prisma/schema.prisma')
    const copies = ['node_modules/.prisma/client', 'generated/client', 'client'].map((folder) => {
      write(`${folder}/package.json`, JSON.stringify({ name: `prisma-client-${'0'.repeat(64)}` }, null, 2))
      return write(`${folder}/schema.prisma`)
    })
    workspace.folders = [root]
    workspace.openAll()
    assert.deepEqual(opened, [schema])
    const other = write('other/prisma/schema.prisma')
    for (const file of [...copies, other, schema]) workspace.projectsOf(file)
    assert.deepEqual(opened, [schema, other])
    const [copy] = copies
    workspace.files.setBuffer(copy!, SourceText.of(SCHEMA), 1)
    assert.equal(workspace.projectsOf(copy!).length, 1)
    await workspace.close()
  })
})
