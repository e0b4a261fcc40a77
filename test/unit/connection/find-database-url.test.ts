import assert from 'node:assert/strict'
import path from 'node:path'
import { AuditError } from '../../../server/src/errors'
import { findDatabaseUrl, type DatabaseUrlSearch } from '../../../server/src/schema/connection/find-database-url'
import { parseSchema } from '../../../server/src/schema/parse-schema'

const URL = 'postgresql://u:p@h/env'

/** The files of a workspace at `/w`, whose schema is `backend/prisma/schema.prisma`. */
type Files = Record<string, string>

function searchIn(files: Files, options: Partial<DatabaseUrlSearch> = {}): DatabaseUrlSearch {
  const schemaPath = path.resolve('/w/backend/prisma/schema.prisma')
  const text = files['backend/prisma/schema.prisma'] ?? SCHEMA_6
  return {
    schema: parseSchema([{ path: schemaPath, text }]),
    schemaPath,
    root: path.resolve('/w'),
    override: null,
    stored: null,
    environment: {},
    trusted: false,
    readTextFile: (file) => files[path.relative(path.resolve('/w'), file).replaceAll('\\', '/')] ?? null,
    ...options,
  }
}

const SCHEMA_6 = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
const SCHEMA_7 = 'datasource db {\n  provider = "postgresql"\n}\n'

async function check(files: Files, expected: { url: string; source: string }, options?: Partial<DatabaseUrlSearch>) {
  const { url, source } = await findDatabaseUrl(searchIn(files, options))
  assert.deepEqual({ url, source }, expected)
}

function leaveOut(files: Files, name: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([file]) => file !== name))
}

describe('findDatabaseUrl', () => {
  const everything: Files = {
    'backend/prisma/.env': 'DATABASE_URL="postgresql://beside"',
    'backend/.env': 'DATABASE_URL=postgresql://above',
    '.env': 'DATABASE_URL=postgresql://top\nOTHER=1',
    'backend/prisma.config.ts': 'export default { datasource: { url: "postgresql://config" } }',
  }

  it('goes through the places in the promised order', async () => {
    const environment = { DATABASE_URL: URL }
    const stored = 'postgresql://stored'
    const override = 'postgresql://override'
    await check(everything, { url: override, source: 'the URL given at the start' }, { environment, stored, override })
    await check(everything, { url: stored, source: 'the URL given to "Connect to Database"' }, { environment, stored })
    await check(everything, { url: URL, source: 'the environment variable DATABASE_URL' }, { environment })
    await check(everything, { url: 'postgresql://beside', source: 'DATABASE_URL in backend/prisma/.env' })
    const without = leaveOut(everything, 'backend/prisma/.env')
    await check(without, { url: 'postgresql://above', source: 'DATABASE_URL in backend/.env' })
    const topOnly = leaveOut(without, 'backend/.env')
    await check(topOnly, { url: 'postgresql://top', source: 'DATABASE_URL in .env' })
    const configOnly = leaveOut(topOnly, '.env')
    await check(configOnly, { url: 'postgresql://config', source: 'backend/prisma.config.ts' })
  })

  it('takes a URL that stands in the schema, and the direct one for migrations', async () => {
    const schema = `datasource db {
      provider = "postgresql"
      url = "postgresql://u:p@pooler:6543/app?pgbouncer=true"
      directUrl = env("DIRECT_URL")
      schemas = ["auth", "public"]
    }`
    const files = { 'backend/prisma/schema.prisma': schema, '.env': 'DIRECT_URL=postgresql://direct' }
    assert.deepEqual(await findDatabaseUrl(searchIn(files)), {
      url: 'postgresql://u:p@pooler:6543/app?pgbouncer=true',
      directUrl: 'postgresql://direct',
      source: 'the schema itself',
      schemas: ['auth', 'public'],
      defaultSchema: 'public',
    })
  })

  it('takes the default schema from the URL', async () => {
    const found = await findDatabaseUrl(
      searchIn({}, { override: 'postgresql://h/app?connection_limit=1&schema=%C3%9Cber' }),
    )
    assert.deepEqual([found.schemas, found.defaultSchema], [['Über'], 'Über'])
  })

  it('expands variables in .env as dotenv-expand does', async () => {
    const env = [
      'PASSWORD=s3cret',
      'LOOP=${LOOP}x',
      'HOST_NAME=from-file',
      'DATABASE_URL="postgresql://$USER_NAME:${PASSWORD}@${HOST_NAME}/${DB:-app}\\$${LOOP}${NOWHERE}"',
      'USER_NAME=me # a comment',
    ].join('\n')
    await check(
      { '.env': env },
      { url: 'postgresql://me:s3cret@from-environment/app$x', source: 'DATABASE_URL in .env' },
      { environment: { HOST_NAME: 'from-environment' } },
    )
  })

  it('reads prisma.config without running it', async () => {
    const configs = [
      `import 'dotenv/config'; import { defineConfig, env } from 'prisma/config'
       export default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: env('DATABASE_URL') } })`,
      `export default { datasource: { url: process.env.DATABASE_URL! } } satisfies PrismaConfig`,
      `export default { datasource: { url: process.env['DATABASE_URL'] as string } }`,
      `type Env = { DATABASE_URL: string }; export default defineConfig({ datasource: { url: env<Env>('DATABASE_URL') } })`,
      `const { DATABASE_URL: url } = process.env; const config = defineConfig({ datasource: { url } }); export default config`,
      `module.exports = { 'datasource': { "url": process.env.UNSET ?? process.env.DATABASE_URL } }`,
      'const base = "postgresql://"; export default { datasource: { url: `${base}${process.env.REST}` } }',
      `export default { datasource: { url: 'postgresql://u:p' + '@h/env' } }`,
      `export = { datasource: { url: process.env.EMPTY || process.env.DATABASE_URL } }`,
    ]
    const env = { 'backend/prisma/schema.prisma': SCHEMA_7, '.env': `DATABASE_URL=${URL}\nREST=u:p@h/env\nEMPTY=` }
    for (const config of configs) {
      for (const name of ['backend/prisma.config.ts', 'prisma7.config.mts', 'backend/.config/prisma.ts']) {
        const found = await findDatabaseUrl(searchIn({ ...env, [name]: config }))
        assert.equal(found.url, URL, config)
        assert.ok(found.source.startsWith(name), found.source)
      }
    }
  })

  it('lists where it looked when there is none', async () => {
    const missing = async (files: Files) => {
      const error: unknown = await findDatabaseUrl(searchIn(files)).then(
        () => null,
        (e: unknown) => e,
      )
      assert.ok(error instanceof AuditError)
      assert.equal(error.code, 'database-url-missing')
      return error.why
    }
    assert.equal(
      await missing({}),
      'Looked in: the environment variable DATABASE_URL, which the schema names, and there is no .env; ' +
        'prisma.config.* in the folders from the schema up to the workspace folder: there is none.',
    )
    assert.match(await missing({ '.env': 'OTHER=1' }), /DATABASE_URL, which the schema names, and it is not in \.env/)
    const config = (text: string) =>
      missing({ 'backend/prisma/schema.prisma': SCHEMA_7, 'backend/prisma.config.ts': text })
    assert.match(
      await config('export default { datasource: { url: env("MINE") } }'),
      /wants MINE, and that is set nowhere/,
    )
    assert.match(
      await config('export default { datasource: { url: compute() } }'),
      /only shows when the file is run; it is not run, since the workspace is not trusted/,
    )
    assert.match(await config('export default {'), /no datasource\.url is to be seen/)
    for (let end = 0; end < SCHEMA_6.length; end++)
      await missing({ 'backend/prisma/schema.prisma': SCHEMA_6.slice(0, end) })
  })

  it('reads nothing above the workspace folder', async () => {
    const read: string[] = []
    const search = searchIn({}, { readTextFile: (file) => (read.push(file), null) })
    await assert.rejects(findDatabaseUrl(search), AuditError)
    assert.deepEqual(
      read.filter((file) => !file.startsWith(path.resolve('/w') + path.sep)),
      [],
    )
  })
})
