import type { ModelBlock } from '../schema/model'
import { AUDIT_CODES } from './finding'
import type { LocalFinding } from './rules/local-finding'

/**
 * What comments silence. `/// @audit-ignore updatedAt: why` above a model silences an audit field there, and
 * `/// @audit-ignore column-default: why` any other code; above a field, a code for that field alone. Several names are
 * separated by commas; without a name, all is silent.
 */
export function withoutIgnored(findings: readonly LocalFinding[], block: ModelBlock): readonly LocalFinding[] {
  const ofModel = ignoredNames(block.documentation)
  const ofFields = new Map(
    block.fields
      .filter(({ documentation }) => documentation.length > 0)
      .map((field) => [field.name.text, ignoredNames(field.documentation)]),
  )
  if (ofModel.size === 0 && ofFields.size === 0) return findings
  return findings.filter((finding) => {
    const names = [finding.code, AUDIT_FIELD_OF_CODE.get(finding.code) ?? finding.code, EVERYTHING]
    const ofField = ofFields.get(finding.field ?? '')
    return !names.some((name) => ofModel.has(name) || ofField?.has(name))
  })
}

/** The names after `@audit-ignore` in doc comments. */
export function ignoredNames(documentation: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const line of documentation) {
    const match = /^\s*@audit-ignore\b\s*([\w-]+(?:\s*,\s*[\w-]+)*)?/.exec(line)
    if (match === null) continue
    for (const name of (match[1] ?? EVERYTHING).split(',')) names.add(name.trim())
  }
  return names
}

const EVERYTHING = '*'

const AUDIT_FIELD_OF_CODE: ReadonlyMap<string, string> = new Map([
  [AUDIT_CODES[0], 'updatedAt'],
  [AUDIT_CODES[1], 'updatedBy'],
  [AUDIT_CODES[2], 'ownerId'],
])
