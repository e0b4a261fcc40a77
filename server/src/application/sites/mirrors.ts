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

/**
 * The audited model that the members of a type with a longer name repeat: `AdminVendor`, `BookingForList`. Each of them is
 * a column or a relation, and the key and a date are among them. Offered for administrators alone: elsewhere, half of
 * such types are excerpts, mocks and events.
 */
export function mirrorByMembers(name: string, members: readonly string[], models: CodeModels): Mirror | null {
  let longest = ''
  let named: CodeModel | null = null
  for (const model of models.values()) {
    for (const each of recordNames(model.model)) {
      if (each.length <= longest.length || !/^[A-Z]/.test(each) || !isPartOf(each, name)) continue
      longest = each
      named = model
    }
  }
  if (named === null || named.members.length === 0) return null
  const { scalarFields, relations } = named
  // Prisma Client counts related records in `_count`.
  const isRepeated = members.every((each) => scalarFields.has(each) || relations.has(each) || each === '_count')
  const isWhole = members.filter((each) => scalarFields.has(each)).length >= REPEATED_FIELDS
  const dates = datesOf(named)
  const hasDate = members.some((each) => dates.has(each) && isAuditDate(each))
  if (!isRepeated || !isWhole || !hasDate || !hasKey(named, new Set(members))) return null
  return { model: named, evidence: 'mirror-by-members' }
}

/** `Ticket` is a word of `CustomerTicketSummary`. */
function isPartOf(word: string, name: string): boolean {
  const at = name.indexOf(word)
  return at !== -1 && !/^[a-z\d]/.test(name.slice(at + word.length)) && name !== word
}

/** Fewer columns say little: most models have a key, a name and a date. */
const REPEATED_FIELDS = 4

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
