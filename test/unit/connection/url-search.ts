import assert from 'node:assert/strict'
import path from 'node:path'
import { findDatabaseUrl, type DatabaseUrlSearch } from '../../../server/src/schema/connection/find-database-url'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { inPlainEnglish } from '../../../server/src/text/phrase'

export const URL = 'postgresql://u:p@h/env'

/** The files of a workspace at `/w`, whose schema is `backend/prisma/schema.prisma`. */
export type Files = Record<string, string>

export function searchIn(files: Files, options: Partial<DatabaseUrlSearch> = {}): DatabaseUrlSearch {
  const schemaPath = path.resolve('/w/backend/prisma/schema.prisma')
  const text = files['backend/prisma/schema.prisma'] ?? SCHEMA_6
  return {
    schema: parseSchema([{ path: schemaPath, text }]),
    schemaPath,
    root: path.resolve('/w'),
    override: null,
    stored: null,
    environment: {},
    whyNotRun: 'the workspace is not trusted',
    readTextFile: (file) => files[path.relative(path.resolve('/w'), file).replaceAll('\\', '/')] ?? null,
    ...options,
  }
}

export const SCHEMA_6 = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
export const SCHEMA_7 = 'datasource db {\n  provider = "postgresql"\n}\n'

/** The beginning of a configuration that reads `.env`. */
export const DOTENV = `import 'dotenv/config'; import { defineConfig, env } from 'prisma/config';\n`

export async function check(
  files: Files,
  expected: { url: string; source: string },
  options?: Partial<DatabaseUrlSearch>,
) {
  const { url, source } = await findDatabaseUrl(searchIn(files, options))
  assert.deepEqual({ url, source: inPlainEnglish(source) }, expected)
}

export function leaveOut(files: Files, name: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([file]) => file !== name))
}
