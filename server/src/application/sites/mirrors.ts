import type { CodeModel, CodeModels, EvidenceName } from '../model'
import { datesOf, hasKey, isAuditDate, isSecret } from '../field-names'
import { recordNames, singularName } from '../model-names'
import { wordsOf } from '../place-evidence'

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
 * The audited model that the members of a type with another name repeat, of those that share a word with it:
 * `AdminPayment` of `PaymentOrder`, `VideoWithRelations`. It has the key, a date, and most of the model's columns; or, if
 * its name has the whole name of the model, nothing else: that is offered for administrators alone, since elsewhere half
 * of such types are excerpts, mocks and events.
 */
export function mirrorByMembers(name: string, members: readonly string[], models: CodeModels): Mirror | null {
  if (members.length < REPEATED_FIELDS || !members.some(isAuditDate)) return null
  const words = new Set(stemsOf(name))
  let model: CodeModel | null = null
  let known = 0
  for (const each of models.values()) {
    if (!stemsOf(singularName(each.model)).some((word) => words.has(word))) continue
    const { scalarFields, relations } = each
    // Prisma Client counts related records in `_count`.
    const count = members.filter((member) => scalarFields.has(member) || relations.has(member) || member === '_count')
    const isLonger = count.length === known && each.model.length > (model?.model.length ?? 0)
    if (count.length > known || isLonger) [model, known] = [each, count.length]
  }
  if (model === null || model.members.length === 0 || !hasKey(model, new Set(members))) return null
  const dates = datesOf(model)
  if (!members.some((each) => dates.has(each) && isAuditDate(each))) return null
  const { scalarFields } = model
  const columns = members.filter((each) => scalarFields.has(each)).length
  if (columns > REPEATED_FIELDS && columns >= scalarFields.size * MOST && known * 4 >= members.length * 3)
    return { model, evidence: 'mirror-by-columns' }
  const isNamed = recordNames(model.model).some((each) => /^[A-Z]/.test(each) && isPartOf(each, name))
  return isNamed && known === members.length && columns >= REPEATED_FIELDS
    ? { model, evidence: 'mirror-by-members' }
    : null
}

/** `order` and `item` for `OrderItems`. */
export function stemsOf(name: string): string[] {
  return wordsOf(name).map((word) => word.replace(/s$/, ''))
}

/** `Ticket` is a word of `CustomerTicketSummary`. */
function isPartOf(word: string, name: string): boolean {
  const at = name.indexOf(word)
  return at !== -1 && !/^[a-z\d]/.test(name.slice(at + word.length)) && name !== word
}

/** Fewer columns say little: most models have a key, a name and a date. */
const REPEATED_FIELDS = 4
const MOST = 0.6

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
