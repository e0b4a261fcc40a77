import assert from 'node:assert/strict'
import type { AuditError } from '../../../server/src/errors'
import { findDatabaseUrl, type DatabaseUrlSearch } from '../../../server/src/schema/connection/find-database-url'
import { check, DOTENV, SCHEMA_6, SCHEMA_7, searchIn, URL, type Files } from './url-search'
import { inPlainEnglish } from '../../../server/src/text/phrase'

describe('the database URL of a Prisma configuration', () => {
  const ENV = {
    'backend/prisma/schema.prisma': SCHEMA_7,
    'backend/.env': `DATABASE_URL=${URL}\nREST=u:p@h/env\nEMPTY=`,
  }

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
        const source = inPlainEnglish(found.source)
        assert.ok(source.startsWith(name), source)
      }
    }
  })

  it('does not guess if only running the configuration shows its environment or URL', async () => {
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

  it('uses the environment as the configuration changes it', async () => {
    const config = (text: string) => ({ ...ENV, 'backend/prisma.config.ts': text })
    const read = async (files: Files, options: Partial<DatabaseUrlSearch> = {}) =>
      await findDatabaseUrl(searchIn(files, options)).then(
        ({ url, source }) => [url, inPlainEnglish(source)],
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

  it("ignores a configuration above the schema's package that belongs to another schema", async () => {
    const files = { 'backend/package.json': '{}', 'backend/.env': `DATABASE_URL=${URL}` }
    const above = (text: string) => ({
      ...files,
      'prisma.config.ts': `export default { ${text} engine: 'classic', datasource: { url: 'postgresql://top' } }`,
    })
    await check(above(''), { url: URL, source: 'DATABASE_URL in backend/.env' })
    await check(above(`schema: 'other/schema.prisma',`), { url: URL, source: 'DATABASE_URL in backend/.env' })
    await check(above(`schema: 'backend/prisma',`), { url: 'postgresql://top', source: 'prisma.config.ts' })
  })
})
