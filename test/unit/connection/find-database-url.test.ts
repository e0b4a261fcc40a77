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
    'backend/prisma.config.ts': 'export default { engine: "classic", datasource: { url: "postgresql://config" } }',
  }

  it('goes through the places in the promised order', async () => {
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
    assert.deepEqual(await findDatabaseUrl(searchIn(files)), {
      url: 'postgresql://u:p@pooler:6543/app?pgbouncer=true',
      directUrl: 'postgresql://direct',
      source: 'the schema itself',
      schemas: ['auth', 'public'],
      defaultSchema: 'public',
    })
  })

  it('takes what leads to PostgreSQL of the URLs of Prisma Accelerate and `prisma dev`', async () => {
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
    assert.equal(source, 'directUrl, because DATABASE_URL in .env is a Prisma Accelerate URL')
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
    // Beside package.json before beside the schema; the first that sets it goes first, even empty; both are one environment.
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

  it('takes the file that the scripts of the package hand to Prisma, and guesses none of several', async () => {
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

  it('does not expand without end', async () => {
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

  const ENV = {
    'backend/prisma/schema.prisma': SCHEMA_7,
    'backend/.env': `DATABASE_URL=${URL}\nREST=u:p@h/env\nEMPTY=`,
  }
  const DOTENV = `import 'dotenv/config'; import { defineConfig, env } from 'prisma/config';\n`

  it('reads prisma.config without running it', async () => {
    const configs = [
      `${DOTENV} export default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: env('DATABASE_URL') } })`,
      `import 'dotenv/config'; import type { PrismaConfig } from 'prisma'
       export default { datasource: { url: process.env.DATABASE_URL! } } satisfies PrismaConfig`,
      `import "dotenv/config"; export default { datasource: { url: process.env['DATABASE_URL'] as string } }`,
      `${DOTENV} type Env = { DATABASE_URL: string }; export default defineConfig({ datasource: { url: env<Env>('DATABASE_URL') } })`,
      `${DOTENV} const { DATABASE_URL: url } = process.env; const config = defineConfig({ datasource: { url } }); export default config`,
      `require('dotenv/config'); module.exports = { 'datasource': { "url": process.env.UNSET ?? process.env.DATABASE_URL } }`,
      DOTENV + 'const base = "postgresql://"; export default { datasource: { url: `${base}${process.env.REST}` } }',
      `export default { datasource: { url: 'postgresql://u:p' + '@h/env' } }`,
      `const dotenv = require('dotenv'); dotenv.config(); module.exports = { datasource: { url: process.env.EMPTY || process.env.DATABASE_URL } }`,
      `import { config } from 'dotenv'; config({ quiet: true }); export default { datasource: { url: process.env.DATABASE_URL } }`,
      `import * as dotenv from 'dotenv'; import path from 'node:path'; dotenv.config()
       export default { schema: path.join('prisma', 'schema.prisma'), datasource: { url: process.env.DATABASE_URL }, adapter: async () => connect() }`,
    ]
    for (const config of configs) {
      for (const name of ['backend/prisma.config.ts', 'backend/prisma7.config.mts', 'backend/.config/prisma.ts']) {
        const found = await findDatabaseUrl(searchIn({ ...ENV, [name]: config }))
        assert.equal(found.url, URL, config)
        assert.ok(found.source.startsWith(name), found.source)
      }
    }
  })

  it('guesses nothing of a configuration whose environment or URL only shows when it is run', async () => {
    const rest = `export default defineConfig({ datasource: { url: env('DATABASE_URL') } })`
    const configs = [
      `import { config } from 'dotenv'; config({ path: '.env.local' }); ${rest}`,
      `import { config } from 'dotenv'; config({ path: ['.env.local', '.env'] }); ${rest}`,
      `import { config } from 'dotenv'; config({ override: true }); ${rest}`,
      `import { config as load } from 'dotenv'; load(); ${rest}`,
      `import dotenv from 'dotenv'; dotenv.config({ path: __dirname + '/.env.local' }); ${rest}`,
      `require('dotenv').config({ path: '.env.local' }); ${rest}`,
      `import dotenv from 'dotenv'; const loaded = dotenv.config({ path: '.env.local' }); ${rest}`,
      `import dotenv from 'dotenv'; import { expand } from 'dotenv-expand'; expand(dotenv.config()); ${rest}`,
      `import 'dotenv-flow/config'; ${rest}`,
      `import '@dotenvx/dotenvx/config'; ${rest}`,
      `import 'dotenv-safe/config'; ${rest}`,
      `import './env'; ${rest}`,
      `import { env } from './env'; ${rest}`,
      `import env from 'env-var'; ${rest}`,
      `import nextEnv from '@next/env'; nextEnv.loadEnvConfig(process.cwd()); ${rest}`,
      `process.loadEnvFile('.env.local'); ${rest}`,
      `process.loadEnvFile(); ${rest}`,
      `import { loadEnvFile } from 'node:process'; loadEnvFile('.env.local'); ${rest}`,
      `try { process.loadEnvFile('.env.local') } catch {} ${rest}`,
      `if (process.env.CI) { require('dotenv').config() } ${rest}`,
      `process.env.DATABASE_URL = 'postgresql://other'; ${rest}`,
      `process.env.DATABASE_URL ??= 'postgresql://other'; ${rest}`,
      `process.env['DATABASE_' + 'URL'] = 'x'; ${rest}`,
      `delete process.env.DATABASE_URL; ${rest}`,
      `Object.assign(process.env, { DATABASE_URL: 'x' }); ${rest}`,
      `const e = process.env; e.DATABASE_URL = 'x'; ${rest}`,
      `const process = { env: { DATABASE_URL: 'x' } }; export default { datasource: { url: process.env.DATABASE_URL } }`,
      `function env(name) { return 'x' } ${rest}`,
      `const defineConfig = (config) => ({ ...config, datasource: { url: 'x' } }); ${rest}`,
      `const env = (name: string) => 'x'; ${rest}`,
      `import { join as env } from 'node:path'; ${rest}`,
      `const url = process.env.NODE_ENV === 'test' ? env('TEST_URL') : env('DATABASE_URL'); export default { datasource: { url } }`,
      `const url = process.env.DATABASE_URL; require('dotenv').config(); export default { datasource: { url } }`,
      `export default defineConfig({ datasource: { url: buildUrl() } })`,
      `export default defineConfig({ datasource: { url: env('DATABASE_URL').replace('a', 'b') } })`,
      `export default defineConfig({ datasource: { url: ['postgresql://', process.env.REST].join('') } })`,
      `const base = { datasource: { url: 'postgresql://x' } }; export default { datasource: { url: process.env.DATABASE_URL }, ...base }`,
      `const ds = { url: 'postgresql://x' }; export default { datasource: { url: env('DATABASE_URL'), ...ds } }`,
      `export default { datasource: { url: env('DATABASE_URL'), ['u' + 'rl']: 'x' } }`,
      `export default { datasource: { get url() { return 'x' } } }`,
      `const config = { datasource: { url: env('DATABASE_URL') } }; config.datasource.url = 'x'; export default config`,
      `let url = env('DATABASE_URL'); url = 'x'; export default { datasource: { url } }`,
      `export default defineConfig(async () => ({ datasource: { url: env('DATABASE_URL') } }))`,
      `(() => { process.env.DATABASE_URL = 'x' })(); ${rest}`,
      `class A { static { process.env.DATABASE_URL = 'x' } } ${rest}`,
      `const tag = load\`.env.local\`; ${rest}`,
      `await import('./env'); ${rest}`,
      `export default defineConfig({ datasource: { url: env('DATABASE_URL'), directUrl: cond ? 'a' : 'b' } })`,
      `export default defineConfig({ x: setup(), datasource: { url: env('DATABASE_URL') } })`,
      `export default defineConfig({ datasource: { url: env('DATABASE_URL') }`,
      '('.repeat(100_000),
      `export default ${'['.repeat(100_000)}`,
    ]
    for (const config of configs) {
      for (const schema of [SCHEMA_7, SCHEMA_6]) {
        const files = {
          ...ENV,
          'backend/prisma/schema.prisma': schema,
          'backend/prisma.config.ts': DOTENV.replace(', env', '') + config,
        }
        await assert.rejects(findDatabaseUrl(searchIn(files)), /No database connection URL found/, config)
      }
    }
    const redirected = { ...ENV, 'backend/prisma.config.ts': DOTENV + rest }
    await assert.rejects(findDatabaseUrl(searchIn(redirected, { environment: { DOTENV_CONFIG_PATH: '.env.local' } })))
  })

  it('takes of the environment what the configuration makes of it', async () => {
    const config = (text: string) => ({ ...ENV, 'backend/prisma.config.ts': text })
    const read = async (files: Files, options: Partial<DatabaseUrlSearch> = {}) =>
      await findDatabaseUrl(searchIn(files, options)).then(
        ({ url, source }) => [url, source],
        (error: unknown) => (error as AuditError).why,
      )
    const rest = `export default defineConfig({ datasource: { url: env('DATABASE_URL') } })`
    // Prisma loads no .env itself where there is a configuration, and dotenv expands nothing and overrides nothing.
    assert.match(String(await read(config(rest))), /DATABASE_URL: it is not set, and the file loads no \.env/)
    const schema6 = { 'backend/prisma/schema.prisma': SCHEMA_6 }
    assert.match(
      String(await read({ ...config('export default {}'), ...schema6 })),
      /which the schema names, and the file loads no/,
    )
    assert.deepEqual(await read({ ...config(`${DOTENV} export default {}`), ...schema6 }), [
      URL,
      'DATABASE_URL in backend/.env',
    ])
    const values = {
      'backend/.env': 'DATABASE_URL=postgresql://$REST\nREST=x',
      'backend/prisma/.env': 'DATABASE_URL=no',
      '.env': 'DATABASE_URL=no',
    }
    assert.deepEqual(await read({ ...config(DOTENV + rest), ...values }), [
      'postgresql://$REST',
      'backend/prisma.config.ts (DATABASE_URL in backend/.env)',
    ])
    assert.match(String(await read(config(DOTENV + rest), { environment: { DATABASE_URL: '' } })), /needs DATABASE_URL/)
    assert.match(
      String(await read(config(`${DOTENV} export default { datasource: { url: env('UNSET') ?? 'postgresql://x' } }`))),
      /needs UNSET/,
    )
  })

  it('takes the datasource that Prisma 6 takes', async () => {
    // What Prisma 6.19 says of the same files: "Datasource "db": PostgreSQL database …".
    const cases: readonly (readonly [config: string, expected: string | RegExp])[] = [
      [`export default defineConfig({ engine: 'classic', datasource: { url: env('OTHER') } })`, 'postgresql://other'],
      [`export default defineConfig({ datasource: { url: env('OTHER') } })`, URL],
      [`export default defineConfig({ datasource: { url: env('UNSET') } })`, /needs UNSET: it is not set/],
      [
        `export default defineConfig({ engine: 'js', adapter: async () => connect() })`,
        /whose adapter connects to the/,
      ],
      [`export default { earlyAccess: true, migrate: { adapter: async (e) => connect(e) } }`, /whose adapter connects/],
      [
        `export default { engine: process.env.CI ? 'classic' : 'js', datasource: { url: env('OTHER') } }`,
        /was not run/,
      ],
      [`export default { engine: 'classic', datasource: { url: env('OTHER') }, adapter: null }`, 'postgresql://other'],
    ]
    const environment = `DATABASE_URL=${URL}\nOTHER=postgresql://other`
    for (const [config, expected] of cases) {
      const files = { 'backend/prisma.config.ts': DOTENV + config, 'backend/.env': environment }
      const outcome = await findDatabaseUrl(searchIn(files)).then(
        ({ url }) => url,
        (error: unknown) => String((error as AuditError).why),
      )
      if (typeof expected === 'string') assert.equal(outcome, expected, config)
      else assert.match(outcome, expected, config)
    }
    const unloaded = { 'backend/prisma.config.ts': `export default { datasource: { url: 'postgresql://other' } }` }
    await assert.rejects(findDatabaseUrl(searchIn(unloaded)), (error: AuditError) =>
      String(error.why).includes(
        'Prisma 6 ignores its datasource without `engine: "classic"`; the environment variable DATABASE_URL',
      ),
    )
  })

  it('takes the configuration that Prisma takes', async () => {
    const names = [
      ...['prisma7.config.js', 'prisma7.config.ts', '.config/prisma7.js', 'prisma.config.js', 'prisma.config.ts'],
      ...['prisma.config/index.ts', '.config/prisma.ts', '.config/prisma.config.ts'],
    ].map((name) => `backend/${name}`)
    const files: Files = {}
    for (const name of names.reverse()) {
      files[name] = `export default { datasource: { url: 'postgresql://${name}' } }`
      await check({ ...ENV, ...files }, { url: `postgresql://${name}`, source: name })
    }
  })

  it("leaves a configuration above the schema's package alone that is another schema's", async () => {
    const files = { 'backend/package.json': '{}', 'backend/.env': `DATABASE_URL=${URL}` }
    const above = (text: string) => ({
      ...files,
      'prisma.config.ts': `export default { ${text} engine: 'classic', datasource: { url: 'postgresql://top' } }`,
    })
    await check(above(''), { url: URL, source: 'DATABASE_URL in backend/.env' })
    await check(above(`schema: 'other/schema.prisma',`), { url: URL, source: 'DATABASE_URL in backend/.env' })
    await check(above(`schema: 'backend/prisma',`), { url: 'postgresql://top', source: 'prisma.config.ts' })
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
