import assert from 'node:assert/strict'
import { findMigrationsFolder } from '../../../server/src/schema/connection/find-migrations-folder'
import { parseSchema } from '../../../server/src/schema/parse-schema'

describe('where Prisma keeps its migrations', () => {
  const datasource = 'datasource db {\n  provider = "postgresql"\n}\n'

  function check(
    given: {
      readonly schemaPath: string
      /** The file with the datasource. */
      readonly datasource: string
      readonly files?: Readonly<Record<string, string>>
      readonly folders?: readonly string[]
    },
    expected: string,
    hiddenIn: string | null = null,
  ): void {
    const found = findMigrationsFolder({
      schema: parseSchema([{ path: given.datasource, text: datasource }]),
      schemaPath: given.schemaPath,
      root: '/app',
      readTextFile: (file) => given.files?.[file] ?? null,
      isFolder: (file) => given.folders?.includes(file) === true,
    })
    assert.deepEqual(found, { folder: expected, hiddenIn })
  }

  it('beside the schema', () => {
    const schema = '/app/prisma/schema.prisma'
    check({ schemaPath: schema, datasource: schema }, '/app/prisma/migrations')
  })

  it('beside the file with the datasource, or beside the folder of the schema', () => {
    const schemaPath = '/app/prisma/schema'
    const main = '/app/prisma/schema/main.prisma'
    check({ schemaPath, datasource: main }, '/app/prisma/schema/migrations')
    check({ schemaPath, datasource: main, folders: ['/app/prisma/migrations'] }, '/app/prisma/migrations')
  })

  it('where the configuration says', () => {
    const schema = '/app/prisma/schema.prisma'
    const files = {
      '/app/prisma.config.ts': `import { defineConfig } from 'prisma/config'
        export default defineConfig({ migrations: { path: 'db/migrations' } })`,
    }
    check({ schemaPath: schema, datasource: schema, files }, '/app/db/migrations')
  })

  it('beside the schema, and in which file the place is hidden, if only running the configuration would show it', () => {
    const schema = '/app/prisma/schema.prisma'
    const config = '/app/prisma.config.ts'
    const isHidden = (text: string, hidden: boolean) => {
      const given = { schemaPath: schema, datasource: schema, files: { [config]: text } }
      check(given, '/app/prisma/migrations', hidden ? config : null)
    }
    for (const expression of [
      'folder',
      'env("FOLDER")',
      'process.env.FOLDER',
      '["db", "changes"].join("/")',
      'names.join("/")',
      'choose({ of: "db" })',
    ])
      isHidden(`const names = ["db"]\nexport default { migrations: { path: ${expression} } }`, true)
    isHidden('export default { migrations }', true)
    isHidden('export default { ...shared }', true)
    isHidden('export default makeConfig()', true)
    isHidden('export default { migrations: { seed: "tsx seed.ts" } }', false)
    isHidden('import "dotenv/config"\nexport default { schema: join(__dirname, "prisma") }', false)
  })
})
