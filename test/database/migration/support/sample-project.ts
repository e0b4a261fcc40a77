import fs from 'node:fs'
import path from 'node:path'
import type { TestServer } from '../../../support/postgres'
import { createProject, type TestProject } from './project'

/** The guide's project (`sample/`) with its seeds, unless others are given, on a database of its own. */
export function createSampleProject(
  server: TestServer,
  options: { readonly sql?: string; readonly policy?: unknown } = {},
): Promise<TestProject> {
  return createProject(server, {
    schema: readSample('backend/prisma/schema.prisma'),
    policy: options.policy ?? (JSON.parse(readSample('prisma-audit.json')) as unknown),
    sql: options.sql ?? readSample('database/seed.sql'),
  })
}

/** A file of `sample/`. */
export function readSample(name: string): string {
  return fs.readFileSync(path.join(__REPOSITORY__, 'sample', name), 'utf8')
}

/** All that the three audit columns of the sample hold. */
export async function sampleValues({ database }: TestProject): Promise<Record<string, unknown>[][]> {
  return [
    await database.query(`SELECT id, "updatedAt"::text, "updatedBy" FROM "User" ORDER BY id`),
    await database.query(`SELECT id, "ownerId" FROM "Lead" ORDER BY id`),
  ]
}
