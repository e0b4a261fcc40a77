import type { AdminImports } from './admin-imports'
import { isWholeAnswer, rank } from './evidence'
import type { EvidenceName, Site } from './model'

export interface Surroundings {
  /** What the rest of the application says about a place. */
  of(path: string, site: Site): readonly EvidenceName[]
  /** The models with an offered select of what is answered: their types show the users themselves. */
  readonly answered: ReadonlySet<string>
}

interface Application {
  /** The places of selects, by file. */
  readonly selects: ReadonlyMap<string, readonly Site[]>
  readonly adminImports: AdminImports
  /** See `GuardedCalls`. */
  readonly areForAdministrators: (path: string, method: string) => boolean
  /** See `ShownDates`. */
  readonly areDatesShown: (path: string, model: string) => boolean | null
  /** The types of records whose dates some function copies one by one. */
  readonly convertedTypes: ReadonlySet<string>
  /** See `ModelWrites`. */
  readonly areNeverChanged: (model: string) => boolean
}

/**
 * A select comes selected by itself, a type only after one: what the selects that come selected do not ask for never
 * arrives in it.
 */
export function surroundings(application: Application): Surroundings {
  const { selects, adminImports, areForAdministrators, areDatesShown, convertedTypes, areNeverChanged } = application
  const isUsedByAdministrators = (path: string, { kind, evidence, declares = [], inMethod = null }: Site): boolean =>
    adminImports.includes(path, declares) ||
    (kind === 'select' && inMethod !== null && rank(evidence) === 'ticked' && areForAdministrators(path, inMethod))
  const ofPlace = (path: string, site: Site): EvidenceName[] => [
    ...(site.evidence.includes('admin-path')
      ? []
      : [isUsedByAdministrators(path, site) ? ('used-by-administrators' as const) : ('for-anyone' as const)]),
    ...(areDatesShown(path, site.model) === false ? (['not-displayed'] as const) : []),
    ...(areNeverChanged(site.model) ? (['never-changed'] as const) : []),
  ]
  const placed = [...selects].flatMap(([path, sites]) => sites.map((site) => ({ path, site })))
  const modelsOf = (isOne: (path: string, site: Site) => boolean) =>
    new Set(placed.flatMap(({ path, site }) => (isOne(path, site) ? [site.model] : [])))
  const selected = modelsOf((path, site) => rank([...site.evidence, ...ofPlace(path, site)]) === 'ticked')
  return {
    answered: modelsOf((_, { evidence }) => isWholeAnswer(evidence)),
    of: (path, site) => {
      if (site.kind === 'breaks') return []
      const found = ofPlace(path, site)
      if (site.kind === 'select') return found
      found.push(selected.has(site.model) ? 'fed-by-select' : 'not-fed')
      if (site.declares?.some((name) => convertedTypes.has(name)) === true) found.push('made-by-hand')
      return found
    },
  }
}
