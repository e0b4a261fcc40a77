import { EVERYTHING, ignoredNames } from '../audit-fields/ignore-comments'
import { kindOfCode } from '../audit-fields/kinds'
import type { Block } from '../schema/model'
import type { LocalFinding } from './rules/local-finding'

/** Without ignored findings: a comment above the block applies to the block, one above a field to that field. */
export function withoutIgnored(findings: readonly LocalFinding[], block: Block): readonly LocalFinding[] {
  const ofBlock = ignoredNames(block.documentation)
  const fields = 'fields' in block ? block.fields : []
  const ofFields = new Map(
    fields
      .filter(({ documentation }) => documentation.length > 0)
      .map((field) => [field.name.text, ignoredNames(field.documentation)]),
  )
  if (ofBlock.size === 0 && ofFields.size === 0) return findings
  return findings.filter((finding) => {
    const names = [finding.code, kindOfCode(finding.code)?.name ?? finding.code, EVERYTHING]
    const ofField = ofFields.get(finding.field ?? '')
    return !names.some((name) => ofBlock.has(name) || ofField?.has(name))
  })
}
