import { phrase } from '../../text/phrase'
import type { Extension } from '../../database/model'
import type { ExpectedExtension } from '../../expected/model'
import { localFinding, type LocalFinding } from './local-finding'

/** `extension-missing`: the datasource names an extension that is not installed, or has another version or schema. */
export function extensionMissing(expected: ExpectedExtension, actual: Extension | undefined): LocalFinding[] {
  const { name, schema, version } = expected
  const isAsSaid = (wanted: string | null, found: string | undefined): boolean => wanted === null || wanted === found
  if (actual !== undefined && isAsSaid(schema, actual.schema) && isAsSaid(version, actual.version)) return []
  const found = actual === undefined ? null : `version ${actual.version} in schema ${actual.schema}`
  return [
    localFinding({
      code: 'extension-missing',
      severity: 'warning',
      message:
        actual === undefined
          ? phrase`The extension "${name}" is not in the database.`
          : phrase`The extension "${name}" is installed as version ${actual.version} in schema ${actual.schema}.`,
      schemaName: schema ?? actual?.schema ?? null,
      object: name,
      expected: `extension "${name}"${version === null ? '' : ` version ${version}`}${schema === null ? '' : ` in schema ${schema}`}`,
      actual: found,
      range: expected.range,
    }),
  ]
}
