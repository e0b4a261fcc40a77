import type { CodeModel, CodeModels, EvidenceName } from '../model'
import { datesOf, hasKey, isAuditDate, isSecret } from '../field-names'
import { recordNames } from '../model-names'

export interface Mirror {
  readonly model: CodeModel
  readonly evidence: EvidenceName
}

/** The audited model that a type, class or object of this name mirrors: `User`, `IUser`, `UserDto`, `userSchema`. */
export function mirrorByName(name: string, models: CodeModels): Mirror | null {
  const stem = name
    .replace(/^(?:I|T|Z)(?=[A-Z])/, '')
    .replace(/^z(?=[A-Z])/, '')
    .replace(/^(?:get|find)(?=[A-Z])/, '')
  for (const model of models.values()) {
    if (model.members.length === 0) continue
    const names = recordNames(model.model)
    if (names.includes(name)) return { model, evidence: 'mirror-by-name' }
    const rest = names.flatMap((start) => (stem.startsWith(start) ? [stem.slice(start.length)] : []))
    if (rest.some((each) => SUFFIXES.test(each))) return { model, evidence: 'mirror-by-similar-name' }
  }
  return null
}

const SUFFIXES =
  /^(?:(?:Response|Output|Public|Api|Admin|List)?(?:Dto|DTO|Response|Entity|Model|Type|Item|Row|Record|Data|Schema|Output|Object|Detail|Details|ListItem)?|ResponseSchema|TableRow|DetailsDto)$/

/** What the names of the members say; null if too few of them are the model's for it to be a mirror. */
export function evidenceOfMembers(names: readonly string[], model: CodeModel): EvidenceName[] | null {
  const scalars = names.filter((name) => model.scalarFields.has(name))
  const known = names.filter((name) => model.scalarFields.has(name) || model.relations.has(name))
  if (scalars.length < SHARED_FIELDS || known.length * 2 < names.length) return null
  return [
    ...(hasKey(model, new Set(names)) ? [] : (['no-key'] as const)),
    ...(scalars.some(isSecret) ? (['holds-secrets'] as const) : []),
    names.some((name) => datesOf(model).has(name) && isAuditDate(name)) ? 'shows-dates' : 'no-dates',
    ...(scalars.length < 3 ? (['few-fields'] as const) : []),
    ...(known.length * 4 < names.length * 3
      ? (['foreign-members'] as const)
      : scalars.length >= 4
        ? (['most-fields'] as const)
        : []),
  ]
}

/** A type with the model's name mirrors the model if it has this many of its columns. */
const SHARED_FIELDS = 2
