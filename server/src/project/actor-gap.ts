import { auditedModels } from '../actor/audited-models'
import { searchApplication } from '../actor/search-application'
import type { ActorGap } from '../audit/actor-missing'
import type { FileFindings } from '../audit/finding'
import { actorWhen } from '../audit-fields/actor-trigger'
import type { Policy } from '../audit-fields/policy'
import { columnNameOf, findField, modelsOf } from '../schema/lookup'
import type { SchemaModel } from '../schema/model'
import type { ProjectPaths } from './project-paths'

/**
 * Whether nothing in the workspace fills the user fields that the policy requires. Null if that is not certain: the
 * application is elsewhere (no client is created here outside of tests and scripts, or none writes), its code contains
 * the fields' names in some spelling, a trigger fills them or may, there is more code than is read, or the schema does
 * not have the fields yet.
 */
export async function findActorGap(
  schema: SchemaModel,
  policy: Policy,
  found: readonly FileFindings[],
  {
    paths,
    schemaPath,
    signal,
  }: { readonly paths: ProjectPaths; readonly schemaPath: string; readonly signal?: AbortSignal },
): Promise<ActorGap | null> {
  const { models, fieldNames } = auditedModels(schema, policy)
  if (fieldNames.length === 0) return null
  const withField = modelsOf(schema).filter(({ model }) => (models.get(model.name.text)?.fields.length ?? 0) > 0)
  const names = withField.flatMap(({ model }) =>
    (models.get(model.name.text)?.fields ?? []).map(({ scalar, relation }) => {
      const field = findField(model, scalar)
      return {
        scalar,
        others: [...(relation === null ? [] : [relation.name]), ...(field ? [columnNameOf(field)] : [])],
      }
    }),
  )
  const keys = new Set(names.map(({ scalar }) => scalar))
  const others = new Set(names.flatMap((name) => name.others).filter((name) => !keys.has(name)))
  const audited = new Set(withField.map(({ model }) => model.name.text))
  const isTriggered = found.some(({ findings }) =>
    findings.some(({ code, model }) => code === 'trigger-unmapped' && audited.has(model ?? '')),
  )
  if (isTriggered) return null
  const code = await searchApplication(paths.applicationRoot, {
    schemaPath,
    fields: { keys: [...keys], others: [...others] },
    mostFiles: MOST_FILES,
    ...(signal === undefined ? {} : { signal }),
  })
  const isHere = code.clients.some(({ file }) => !ASIDE.test(paths.display(file)))
  if (!code.isWhole || !isHere || !code.writes || code.writesField || code.isModuleUsed) return null
  const [module] = code.modules
  return { fieldNames, module: module === undefined ? null : paths.display(module) }
}

/** Whether a rule requires a field with the current user that no trigger of ours fills. */
export function wantsActor(policy: Policy): boolean {
  return (
    !policy.actor.trigger &&
    policy.rules.some(({ require }) => require.some((field) => actorWhen(field, policy) !== null))
  )
}

/** In a larger workspace nothing is reported, because reading it would slow down each `check`. */
const MOST_FILES = 2000

/** Tests, seeds and scripts create their own clients. */
const ASIDE = /(?:^|[/._-])(?:tests?|specs?|seeds?|scripts?|e2e|mocks?|fixtures?|examples?)(?:[/._-]|$)/i
