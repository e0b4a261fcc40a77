import { kindOfCode } from '../audit-fields/kinds'
import { isOfUnfitColumn, type Finding } from '../audit/finding'
import type { Translate } from '../text/translate'

/** The state of a model in a few words, for the lens above it, and the action to offer. */
export interface ModelLens {
  readonly title: string
  readonly action: 'add-fields' | 'preview' | null
}

/**
 * `findings` are the model's. Null if nothing is known: a model is never reported as in sync if not everything was
 * compared, without a connection or with an invalid policy.
 */
export function modelLens(t: Translate, findings: readonly Finding[], isCompared: boolean): ModelLens | null {
  const isMissing = (finding: Finding) => kindOfCode(finding.code) !== undefined && !isOfUnfitColumn(finding)
  const missing = findings.filter((finding) => isMissing(finding) && finding.severity !== 'hint')
  const others = findings.filter((finding) => !isMissing(finding))
  const differences = others.filter(({ severity }) => severity === 'warning' || severity === 'error').length
  const notes = others.length - differences
  const inSchema = missing.filter(({ missingIn }) => missingIn !== 'database')
  const lacking = inSchema.length > 0 ? inSchema : missing
  const parts = [
    ...(lacking.length === 0
      ? []
      : [inSchema.length > 0 ? t('Missing {0}', namesOf(lacking)) : t('Not in the database: {0}', namesOf(lacking))]),
    ...(differences === 0 ? [] : [differences === 1 ? t('1 difference') : t('{0} differences', differences)]),
  ]
  if (parts.length === 0) {
    if (!isCompared) return null
    const inStep = [t('In sync with the database'), t('In sync, 1 note')][notes] ?? t('In sync, {0} notes', notes)
    return { title: inStep, action: null }
  }
  return { title: parts.join(', '), action: inSchema.length > 0 ? 'add-fields' : 'preview' }
}

function namesOf(findings: readonly Finding[]): string {
  return findings.flatMap(({ code }) => kindOfCode(code)?.name ?? []).join(', ')
}
