import { EVERYTHING, ignoredNames } from '../audit-fields/ignore-comments'
import { kindOfCode } from '../audit-fields/kinds'
import type { ModelBlock } from '../schema/model'
import type { LocalFinding } from './rules/local-finding'

/** Without the findings that comments silence: above the model those of the whole model, above a field those of that field. */
export function withoutIgnored(findings: readonly LocalFinding[], block: ModelBlock): readonly LocalFinding[] {
  const ofModel = ignoredNames(block.documentation)
  const ofFields = new Map(
    block.fields
      .filter(({ documentation }) => documentation.length > 0)
      .map((field) => [field.name.text, ignoredNames(field.documentation)]),
  )
  if (ofModel.size === 0 && ofFields.size === 0) return findings
  return findings.filter((finding) => {
    const names = [finding.code, kindOfCode(finding.code)?.name ?? finding.code, EVERYTHING]
    const ofField = ofFields.get(finding.field ?? '')
    return !names.some((name) => ofModel.has(name) || ofField?.has(name))
  })
}
