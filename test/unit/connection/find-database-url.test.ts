import assert from 'node:assert/strict'
import path from 'node:path'
import { AuditError } from '../../../server/src/errors'
import { findDatabaseUrl } from '../../../server/src/schema/connection/find-database-url'
import { inPlainEnglish } from '../../../server/src/text/phrase'
import { check, DOTENV, leaveOut, SCHEMA_6, SCHEMA_7, searchIn, URL, type Files } from './url-search'

describe('findDatabaseUrl', () => {
  const everything: Files = {
    'backend/prisma/.env': 'DATABASE_URL="postgresql://beside"',
    'backend/.env': 'DATABASE_URL=postgresql://above',
    '.env': 'DATABASE_URL=postgresql://top\nOTHER=1',
    'backend/prisma.config.ts': 'export default { engine: "classic", datasource: { url: "postgresql://config" } }',
  }

  it('searches the places in the documented order', async () => {
    const environment = { DATABASE_URL: URL }
    const stored = 'postgresql://stored'
    const override = 'postgresql://override'
    await check(everything, { url: override, source: 'the URL given at the start' }, { environment, stored, override })
    await check(everything, { url: stored, source: 'the URL given to "Connect to Database"' }, { environment, stored })
    await check(everything, { url: 'postgresql://config', source: 'backend/prisma.config.ts' }, { environment })
    const alone = leaveOut(everything, 'backend/prisma.config.ts')
    await check(alone, { url: URL, source: 'the environment variable DATABASE_URL' }, { environment })
    await check(alone, { url: 'postgresql://beside', source: 'DATABASE_URL in backend/prisma/.env' })
    const without = leaveOut(alone, 'backend/prisma/.env')
    await check(without, { url: 'postgresql://above', source: 'DATABASE_URL in backend/.env' })
    await check(leaveOut(without, 'backend/.env'), { url: 'postgresql://top', source: 'DATABASE_URL in .env' })
  })

  it('takes a URL that stands in the schema, and the direct one for migrations', async () => {
    const schema = `datasource db {
      provider = "postgresql"
      url = "postgresql://u:p@pooler:6543/app?pgbouncer=true"
      directUrl = env("DIRECT_URL")
      schemas = ["auth", "public"]
    }`
    const files = { 'backend/prisma/schema.prisma': schema, '.env': 'DIRECT_URL=postgresql://direct' }
    const { source, ...found } = await findDatabaseUrl(searchIn(files))
    assert.equal(inPlainEnglish(source), 'the schema itself')
    assert.deepEqual(found, {
      url: 'postgresql://u:p@pooler:6543/app?pgbouncer=true',
      directUrl: 'postgresql://direct',
      schemas: ['auth', 'public'],
      defaultSchema: 'public',
    })
  })

  it('uses what leads to PostgreSQL: the direct URL with Prisma Accelerate, the server behind `prisma dev`', async () => {
    const accelerate = 'prisma://accelerate.prisma-data.net/?api_key=secret'
    const postgres = 'prisma+postgres://accelerate.prisma-data.net/?api_key=secret'
    const local = (content: unknown, host = 'localhost:51213') =>
      `prisma+postgres://${host}/?api_key=${Buffer.from(JSON.stringify(content)).toString('base64url')}`
    const cases: readonly (readonly [url: string, direct: string, expected: string])[] = [
      [accelerate, URL, URL],
      [postgres, URL, URL],
      [local({ databaseUrl: 'postgres://p@localhost:51214/template1' }), '', 'postgres://p@localhost:51214/template1'],
      [accelerate, local({ databaseUrl: 'postgresql://h/direct' }), 'postgresql://h/direct'],
      // Nothing is made up: connecting says what these are.
      [accelerate, '', accelerate],
      [postgres, '', postgres],
      ...[
        local({ databaseUrl: 'file:///etc' }),
        local(null),
        local({}),
        local({ databaseUrl: URL }, 'example.com'),
      ].map((url): [string, string, string] => [url, '', url]),
      ['prisma+postgres://localhost:51213/?api_key=%', '', 'prisma+postgres://localhost:51213/?api_key=%'],
    ]
    const schema = SCHEMA_6.replace('}', '  directUrl = env("DIRECT_URL")\n}')
    for (const [url, direct, expected] of cases) {
      const files = { 'backend/prisma/schema.prisma': schema, '.env': `DATABASE_URL=${url}\nDIRECT_URL=${direct}` }
      assert.equal((await findDatabaseUrl(searchIn(files))).url, expected, url)
    }
    const files = { 'backend/prisma/schema.prisma': schema, '.env': `DATABASE_URL=${accelerate}\nDIRECT_URL=${URL}` }
    const { directUrl, source } = await findDatabaseUrl(searchIn(files))
    assert.equal(directUrl, null)
    assert.equal(inPlainEnglish(source), 'directUrl, because DATABASE_URL in .env is a Prisma Accelerate URL')
  })

  it('takes the default schema from the URL', async () => {
    const found = await findDatabaseUrl(
      searchIn({}, { override: 'postgresql://h/app?connection_limit=1&schema=%C3%9Cber' }),
    )
    assert.deepEqual([found.schemas, found.defaultSchema], [['Über'], 'Über'])
  })

  it("reads .env as Prisma's own loader does", async () => {
    // What @prisma/internals 6.19 makes of the same lines: only ${X} is replaced, so that a password may hold a $.
    const env = [
      'export PASSWORD=s3cret',
      'LOOP=${LOOP}x',
      'HOST_NAME=from-file',
      "QUOTED='a b'",
      'DATABASE_URL="postgresql://$USER_NAME:${PASSWORD}@${HOST_NAME}/${DB:-app}\\${QUOTED}${LOOP}${NOWHERE}${toString}" # a comment',
    ].join('\n')
    await check(
      { '.env': env },
      {
        url: 'postgresql://$USER_NAME:s3cret@from-environment/${DB:-app}${QUOTED}x',
        source: 'DATABASE_URL in .env',
      },
      { environment: { HOST_NAME: 'from-environment' } },
    )
    // Beside package.json before beside the schema; the first that sets it goes first, even empty; both are one
    // environment.
    const files = {
      'backend/package.json': '{ "name": "app" }',
      'backend/.env': 'DATABASE_URL=postgresql://package\nHOST_NAME=h',
      'backend/prisma/.env': 'DATABASE_URL=postgresql://schema',
    }
    await check(files, { url: 'postgresql://package', source: 'DATABASE_URL in backend/.env' })
    await check(
      { ...files, 'backend/.env': 'HOST_NAME=h', 'backend/prisma/.env': 'DATABASE_URL=postgresql://${HOST_NAME}' },
      { url: 'postgresql://h', source: 'DATABASE_URL in backend/prisma/.env' },
    )
    const refused = async (given: Files, why: RegExp, environment = {}) => {
      await assert.rejects(findDatabaseUrl(searchIn(given, { environment })), (error: AuditError) => {
        assert.match(String(error.why), why)
        return true
      })
    }
    await refused({ ...files, 'backend/.env': 'DATABASE_URL=' }, /it is not set in backend\/\.env/)
    await refused(files, /DATABASE_URL, which the schema names, and it is set and empty/, { DATABASE_URL: '' })
    // Of a folder of schema files, Prisma reads the .env beside the folder.
    const folder = path.resolve('/w/backend/prisma/schema')
    await check(
      {
        'backend/prisma/schema/.env': 'DATABASE_URL=postgresql://inside',
        'backend/prisma/.env': 'DATABASE_URL=postgresql://beside',
      },
      { url: 'postgresql://beside', source: 'DATABASE_URL in backend/prisma/.env' },
      { schemaPath: folder },
    )
  })

  it('uses the file that the scripts of the package pass to Prisma, and does not choose among several', async () => {
    const scripts = (...lines: string[]): Files => ({
      'backend/package.json': JSON.stringify({
        scripts: Object.fromEntries(lines.map((line, index) => [`s${index}`, line])),
      }),
      'backend/.env': 'DATABASE_URL=postgresql://plain',
      'backend/.env.local': 'DATABASE_URL=postgresql://local',
      'backend/.env.prod': 'DATABASE_URL=postgresql://prod',
      '.env': 'DATABASE_URL=postgresql://top',
    })
    const local = { url: 'postgresql://local', source: 'DATABASE_URL in backend/.env.local' }
    for (const command of [
      'dotenv -e .env.local -- prisma migrate dev',
      'npx dotenv -e ".env.local" -- npx prisma db push && next dev',
      'dotenvx run -f .env.local -- prisma studio',
      'env-cmd -f ./.env.local prisma migrate deploy',
      'node --env-file=.env.local node_modules/.bin/prisma migrate dev',
      'bun --env-file .env.local prisma db seed',
    ])
      await check(scripts(command), local)
    await check(scripts('dotenv -e ../.env --', 'pnpm s0 prisma db push', 'prisma generate'), {
      url: 'postgresql://top',
      source: 'DATABASE_URL in .env',
    })
    const plain = { url: 'postgresql://plain', source: 'DATABASE_URL in backend/.env' }
    await check(scripts('prisma migrate dev', 'dotenv -e .env.prod -- prisma migrate deploy'), plain)
    await check(scripts('dotenv -e .env.local -- next dev', 'prisma generate'), plain)
    await check(
      scripts('dotenv -e .env.local -- prisma migrate dev'),
      { url: URL, source: 'the environment variable DATABASE_URL' },
      { environment: { DATABASE_URL: URL } },
    )
    const unknown = async (files: Files, why: RegExp) =>
      await assert.rejects(findDatabaseUrl(searchIn(files)), (error: AuditError) => why.test(String(error.why)))
    await unknown(
      scripts('dotenv -e .env.local -- prisma migrate dev', 'dotenv -e .env.prod -- prisma migrate deploy'),
      /backend\/package\.json, whose scripts call Prisma with \.env\.local, or with \.env\.prod/,
    )
    await unknown(scripts('dotenv -c -- prisma migrate dev'), /with \.env\.local and \.env/)
    await unknown(
      {
        ...scripts('dotenv -e .env.local -- prisma migrate dev'),
        'backend/.env.local': 'DATABASE_URL=postgresql://$HOST',
      },
      /with \.env\.local/,
    )
    await unknown(
      { ...scripts('bunx prisma migrate dev'), 'backend/bun.lock': '' },
      /\.env\.local, which Bun loads over \.env/,
    )
    await unknown(
      scripts('dotenv -e ../../secret -- prisma migrate dev'),
      /with \.\.\/\.\.\/secret, which is outside the folder/,
    )
    await check({ ...scripts(), 'backend/package.json': 'null' }, plain)
    // The same before what a configuration loads.
    const config = {
      'backend/prisma/schema.prisma': SCHEMA_7,
      'backend/prisma.config.ts': `${DOTENV} export default { datasource: { url: env('DATABASE_URL') } }`,
    }
    await check(
      { ...scripts('dotenv -e .env.local -- prisma migrate dev'), ...config },
      { ...local, source: `backend/prisma.config.ts (${local.source})` },
    )
    await unknown(
      { ...scripts('bun run prisma migrate dev'), 'backend/bun.lock': '', ...config },
      /which Bun loads over \.env/,
    )
  })

  it('limits the expansion', async () => {
    const doubling = Array.from(
      { length: 40 },
      (_, index) => `V${String(index + 1)}=\${V${String(index)}}\${V${String(index)}}`,
    )
    const chain = Array.from({ length: 5000 }, (_, index) => `C${String(index + 1)}=\${C${String(index)}}`)
    const files = { '.env': [...doubling, ...chain, 'V0=x', 'C0=x', `DATABASE_URL=${URL}`].join('\n') }
    await check(files, { url: URL, source: 'DATABASE_URL in .env' })
    for (const variable of ['V40', 'C5000']) {
      const schema = SCHEMA_6.replace('DATABASE_URL', variable)
      await assert.rejects(findDatabaseUrl(searchIn({ ...files, 'backend/prisma/schema.prisma': schema })), {
        code: 'environment-file-too-large',
      })
    }
  })

  it('lists the places searched if there is none', async () => {
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
        'prisma.config.* in the folders from the schema up to the workspace folder: not found.',
    )
    assert.match(
      await missing({ '.env': 'OTHER=1' }),
      /DATABASE_URL, which the schema names, and it is not set in \.env/,
    )
    const config = (text: string) =>
      missing({ 'backend/prisma/schema.prisma': SCHEMA_7, 'backend/prisma.config.ts': text })
    assert.match(await config('export default { datasource: { url: env("MINE") } }'), /needs MINE: it is not set/)
    assert.match(
      await config('export default { datasource: { url: compute() } }'),
      /which was not run to get its datasource\.url, because the workspace is not trusted/,
    )
    assert.match(await config('export default {'), /which was not run to get its datasource\.url/)
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
