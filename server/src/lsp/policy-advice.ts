import type { PolicyAdviceAnswer, PolicyChoiceValue } from '../../../protocol/src/index'
import { chosenPolicy, type PolicyChoice } from '../audit-fields/chosen-policy'
import { AUDIT_FIELD_KINDS, AUDIT_FIELDS } from '../audit-fields/kinds'
import { advisePolicy, type ModelRole } from '../audit-fields/policy-advice'
import { readPolicyText } from '../project/policy-file'
import type { Project } from '../project/project'
import { lineOf, LIMITS } from '../text/safe-text'
import type { Translate } from '../text/translate'
import { uriOfPath } from './uris'

/** The likely role of each model, and the number of warnings that the chosen policy would cause now. */
export function policyAdvice(t: Translate, project: Project, value: PolicyChoiceValue | null): PolicyAdviceAnswer {
  const choice = value === null ? null : choiceOf(value)
  const { userModels, models } = advisePolicy(project.schema, choice?.userModel ?? null)
  return {
    existing: project.policyFile.exists ? uriOfPath(project.policyFile.path) : null,
    fields: AUDIT_FIELD_KINDS.map((kind) => ({
      ...{ name: kind.name, meaning: t(kind.meaning) },
      refersToUsers: kind.shape === 'user',
    })),
    userModels: userModels.map(({ name, isLikely }) => ({ name: lineOf(name, LIMITS.title), isLikely })),
    models: models.map(({ name, role, present, suggested }) => ({
      name: lineOf(name, LIMITS.title),
      looksLike: looksLike(t, role),
      ...{ present, suggested },
    })),
    warnings: choice === null ? null : warningsOf(project, choice),
  }
}

/** Keeps only known fields of a choice that came over the wire. */
export function choiceOf({ userModel, fields }: PolicyChoiceValue): PolicyChoice {
  const known = AUDIT_FIELDS.flatMap((field) => {
    const models = fields[field]
    return models === undefined ? [] : [[field, models.map(String)] as const]
  })
  return { userModel, fields: Object.fromEntries(known) }
}

function warningsOf(project: Project, choice: PolicyChoice): number {
  const { policy } = readPolicyText(chosenPolicy(project.schema, choice))
  return policy === null ? 0 : project.findings.warningsWith(policy)
}

function looksLike(t: Translate, role: ModelRole): string {
  switch (role) {
    case 'users':
      return t('the users')
    case 'join':
      return t('looks like a join table')
    case 'log':
      return t('looks like a log: rows are not changed')
    case 'owned':
      return t('references a user')
    case 'other':
      return ''
  }
}
