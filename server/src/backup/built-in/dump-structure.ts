import fs from 'node:fs'
import path from 'node:path'
import { remove } from '../../platform/lasting-files'
import { makeTemporaryFolder } from '../../files/temporary-folders'
import { dumpWithBuiltIn } from './run-built-in-dump'
import { withoutForeignSettings } from '../sql/portable-statements'
import type { EnvironmentVariables } from '../../platform/environment-variables'

export interface DumpStructureOptions {
  readonly url: string
  /** Names of schemas, taken literally; omitted: all schemas. */
  readonly schemas?: readonly string[]
  /** Default: `process.env`. */
  readonly environment?: EnvironmentVariables
  readonly signal?: AbortSignal
}

/**
 * The structure of a database as SQL, without data, owners and privileges, from the built-in pg_dump. Equal structures
 * give equal texts, and the text loads into any PostgreSQL from 14 on, so it can be compared and used for rehearsals.
 *
 * @throws AuditError like `dumpWithBuiltIn`
 */
export async function dumpStructure(options: DumpStructureOptions): Promise<string> {
  const folder = makeTemporaryFolder('structure')
  const outputPath = path.join(folder, 'structure.sql')
  try {
    await dumpWithBuiltIn({
      url: options.url,
      args: [
        ...['--schema-only', '--no-owner', '--no-privileges', '--lock-wait-timeout=10s'],
        ...(options.schemas ?? []).map((schema) => `--schema=${literalPattern(schema)}`),
      ],
      outputPath,
      isSmall: true,
      environment: options.environment ?? process.env,
      signal: options.signal,
    })
    return withoutForeignSettings(fs.readFileSync(outputPath, 'utf8'))
  } finally {
    remove(folder)
  }
}

/** pg_dump accepts patterns; between double quotes everything is literal. */
function literalPattern(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
