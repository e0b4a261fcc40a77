import type { AdminArea } from './admin-area'
import { rank } from './evidence'
import { isChangeDate } from './field-names'
import type { ImportedTypes } from './imported-types'
import type { EvidenceName, Site } from './model'

export interface Surroundings {
  /** What the rest of the application says about a place. */
  of(path: string, site: Site): readonly EvidenceName[]
  /** The models with a preselected select: the application will return their new fields. */
  readonly answered: ReadonlySet<string>
}

interface Application {
  /** The places of each file, and those of selects. */
  readonly own: readonly Site[]
  readonly selects: ReadonlyMap<string, readonly Site[]>
  readonly adminArea: AdminArea
  /** See `AdminArea.isBeside`. */
  readonly isBesideAdminArea: (path: string) => boolean
  /** See `MountedRouters`. */
  readonly isMountedForAdmins: (path: string) => boolean
  /** The types of records whose dates some function copies one by one. */
  readonly convertedTypes: ReadonlySet<string>
  /** The models whose records some function returns member by member. */
  readonly madeByHand: ReadonlySet<string>
  /** See `CopiedRecords`. */
  readonly areCopiedIn: (path: string, model: string) => boolean
  /** The models whose records are only read for one user at a time. */
  readonly ofOneUser: ReadonlySet<string>
  /** See `ManagedModels`. */
  readonly managed: ReadonlySet<string> | null
  readonly importedTypes: ImportedTypes
  /** See `ShownDates`. */
  readonly areDatesShown: (path: string, model: string) => boolean | null
  /** See `otherApplications`. */
  readonly isOtherApplication: ((path: string) => boolean) | null
}

export function surroundings(application: Application): Surroundings {
  const {
    selects,
    convertedTypes,
    madeByHand,
    areCopiedIn,
    adminArea,
    isBesideAdminArea,
    isMountedForAdmins,
    ofOneUser,
    managed,
    importedTypes,
    areDatesShown,
    isOtherApplication,
  } = application
  const withoutChanges = besideChanges(application)
  // An application for administrators shows what another one returns, which serves all of them, unless that has an area
  // for them of its own. A type that several applications share is for those that import it.
  const hasArea = (path: string, site: Site) =>
    adminArea.exists &&
    (isOtherApplication === null || (site.kind !== 'select' && SHARED.test(path)) || isBesideAdminArea(path))
  const isOfArea = (path: string, site: Site) =>
    site.evidence.includes('admin-path') ||
    site.evidence.some(isOfPeople) ||
    isImported(adminArea, site) ||
    isMountedForAdmins(path)
  // The types of a frontend list what administrators receive.
  const placed = [...selects].flatMap(([path, sites]) => sites.map((site) => ({ path, site })))
  const ofArea = new Set(
    placed.flatMap(({ path, site }) => (rank(site.evidence) === 'ticked' && isOfArea(path, site) ? [site.model] : [])),
  )
  const ofPlace = (path: string, site: Site): EvidenceName[] => {
    const isForAdministrators = site.evidence.includes('admin-path')
    const found: EvidenceName[] = []
    if (isOtherApplication?.(path) === true && !site.evidence.some(isOfPeople)) found.push('other-application')
    if (ofOneUser.has(site.model) && !isForAdministrators) found.push('of-one-user')
    if (hasArea(path, site) && !isOfArea(path, site) && !(site.kind !== 'select' && ofArea.has(site.model))) {
      found.push('outside-admin-area')
    }
    if (areDatesShown(path, site.model) === false) found.push('not-displayed')
    if (withoutChanges(site)) found.push('changes-not-shown')
    if (site.evidence.includes('shows-publication') && !isForAdministrators) found.push('published')
    return found
  }
  const isTicked = (path: string, site: Site) => rank([...site.evidence, ...ofPlace(path, site)]) === 'ticked'
  const answered = new Set(placed.flatMap(({ path, site }) => (isTicked(path, site) ? [site.model] : [])))
  const selected = new Set(placed.flatMap(({ site }) => (isWholeAnswer(site) ? [site.model] : [])))
  return {
    answered,
    of: (path, site) => {
      if (site.kind === 'breaks') return []
      const found = ofPlace(path, site)
      if (site.kind !== 'select' && areCopiedIn(path, site.model)) found.push('made-by-hand')
      if (site.kind === 'type' && site.declares?.some((name) => convertedTypes.has(name)) === true)
        found.push('made-by-hand')
      if (site.importedAs && importedTypes.isImported(path, site.importedAs) === false) found.push('not-imported')
      if (site.kind === 'select' || site.evidence.includes('admin-path') || answered.has(site.model)) return found
      if (managed?.has(site.model) === false && !isOfArea(path, site)) found.push('not-managed')
      if (selected.has(site.model)) found.push('not-answered')
      if (madeByHand.has(site.model)) found.push('made-by-hand')
      return found
    },
  }
}

/** A select of what the application returns when such records are requested: no lookup, no part of something else. */
function isWholeAnswer({ evidence }: Site): boolean {
  return (
    evidence.includes('shows-dates') &&
    !evidence.some((name) => name === 'inside-a-record' || name === 'nested-list' || name === 'excerpt') &&
    rank(evidence) !== 'left-out'
  )
}

/** Users who may see who did something with a record may see who changed it. */
function isOfPeople(name: EvidenceName): boolean {
  return name === 'shows-people' || name === 'shows-editors' || name === 'shows-creator'
}

function isImported(adminArea: AdminArea, { declares = [] }: Site): boolean {
  return declares.some((name) => adminArea.imports(name))
}

/**
 * Whether a place leaves a date out on purpose: the code shows elsewhere when a record was changed, so it could have
 * shown it here too, where it only shows when it was created. A type shows what a select asks for, so it follows a
 * preselected select.
 */
function besideChanges({ own, selects }: Application): (site: Site) => boolean {
  const shown = new Set<string>()
  const ofSelects = [...selects.values()].flat()
  for (const sites of [own, ofSelects]) {
    for (const { model, evidence } of sites) if (evidence.includes('shows-changes')) shown.add(model)
  }
  const isLeftOut = ({ evidence, model }: Site) => !evidence.includes('admin-path') && shown.has(model)
  const answered = new Set(
    ofSelects.flatMap((site) => (rank(site.evidence) === 'ticked' && !isLeftOut(site) ? [site.model] : [])),
  )
  return (site) => {
    const shows = site.evidence.some((name) => name === 'shows-changes' || name === 'shows-editors')
    if (shows || !site.names.some(isChangeDate)) return false
    // Resolvers return whole records.
    const isAnswered = site.kind === 'select' || site.kind === 'graphql' || answered.has(site.model)
    return !isAnswered || isLeftOut(site)
  }
}

/**
 * Whether a file belongs to another application than that of the administrators (`apps/admin`), whose users do not ask
 * who changed a record. Null if administrators have no application of their own.
 */
export function otherApplications(paths: Iterable<string>, root: string): ((path: string) => boolean) | null {
  const applicationOf = (path: string) => APPLICATION.exec(path.startsWith(root) ? path.slice(root.length) : path)?.[1]
  const all = new Set([...paths].map(applicationOf))
  const hasOneForAdministrators = [...all].some((name) => name !== undefined && /admin|back-?office/i.test(name))
  if (!hasOneForAdministrators) return null
  return (path) => {
    const name = applicationOf(path)
    return (
      name !== undefined &&
      !/admin|back-?office|api|server|backend|^(?:src|packages|libs?|shared|types|core)$/i.test(name)
    )
  }
}

const SHARED = /(?:^|[\\/])(?:packages|libs?|shared)[\\/]/

const APPLICATION = /^[\\/]?(?:apps[\\/])?([^\\/]+)[\\/]/
