import { createdBy } from './created-by'
import { ownerId } from './owner-id'

/**
 * How likely a column names the user who owns the row, by its name alone: 0 is the likeliest, null is no such name. First what
 * an owner is called, then what the users themselves are (`userId`), then who created the row (`authorId`), then other people.
 */
export function ownerRank(column: string, userModel: string): number | null {
  const at = [...OWNERS, stemOf('user'), stemOf(userModel), ...CREATORS, ...OTHERS].indexOf(stemOf(column))
  return at === -1 ? null : at
}

/** Who changed a row last, or ended it, is not whose it is. */
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
