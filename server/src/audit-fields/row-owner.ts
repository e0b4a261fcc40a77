import { createdBy } from './created-by'
import { ownerId } from './owner-id'

/**
 * How likely a column identifies the user who owns the row, by its name: 0 is the likeliest, null means not at all.
 * First names for owners, then for users in general (`userId`), then for the creator (`authorId`), then for other
 * people.
 */
export function ownerRank(column: string, userModel: string): number | null {
  const at = [...OWNERS, stemOf('user'), stemOf(userModel), ...CREATORS, ...OTHERS].indexOf(stemOf(column))
  return at === -1 ? null : at
}

/** The user who last changed or closed a row is not its owner. */
export function namesWhoChanged(column: string): boolean {
  return /^(?:last)?(?:updated|modified|changed|edited|deleted|archived)/.test(stemOf(column))
}

/** `createdby` for `created_by_id`, `user` for `userId`. */
function stemOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('_', '')
    .replace(/(.)(?:id|uuid)$/, '$1')
}

const NO_MODEL = { model: '', lowerPlural: '', upperPlural: '' }
const OWNERS = [...ownerId.schemaNames, ...ownerId.newNames(NO_MODEL).scalars].map(stemOf)
const CREATORS = [
  ...createdBy.commonNames,
  ...createdBy.schemaNames,
  ...createdBy.newNames(NO_MODEL, false).scalars,
].map(stemOf)
const OTHERS = ownerId.commonNames.map(stemOf)
