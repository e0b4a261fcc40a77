import { isWholeAnswer, rank } from './evidence'
import type { EvidenceName, Site } from './model'
import type { Reading } from './readers/reader-search'
import { addsDate, addsWrittenDate } from './readers/written-dates'

export interface Surroundings {
  /** What the rest of the application says about a place. */
  of(path: string, site: Site): readonly EvidenceName[]
  /** The models with an offered select of what is answered: their types show the users themselves. */
  readonly answered: ReadonlySet<string>
}

interface Application {
  /** The places of selects, by file. */
  readonly selects: ReadonlyMap<string, readonly Site[]>
  /** See `GuardedCalls`. */
  readonly areForAdministrators: (path: string, method: string) => boolean
  /** See `AnswerReaders`; null where the workspace has no pages. */
  readonly readingsOf: (site: Site) => readonly Reading[]
  readonly hasPages: boolean
  /** The types of records whose dates some function copies one by one. */
  readonly convertedTypes: ReadonlySet<string>
  /** See `TypedAnswers`. */
  readonly hasTypedAnswer: (name: string) => boolean
  /** See `ModelWrites`. */
  readonly areNeverChanged: (model: string) => boolean
}

/**
 * A select comes selected if a page that reads its answer shows a date of the records, and a type if it is on the way
 * from such a select to that page.
 */
export function surroundings(application: Application): Surroundings {
  const { selects, areForAdministrators, readingsOf, hasPages, convertedTypes, areNeverChanged, hasTypedAnswer } =
    application
  const ofSelects = new Map<Site, readonly EvidenceName[]>()
  const answered = new Set<string>()
  const fed = new Set<string>()
  const written = new Set<string>()
  let alike: ReadonlyMap<string, readonly Site[]> | null = null
  for (const [path, sites] of selects) {
    for (const site of sites) {
      const { evidence, inMethod, model } = site
      if (isWholeAnswer(evidence)) answered.add(model)
      const found: EvidenceName[] = []
      if (!evidence.includes('admin-path')) {
        const isGuarded =
          typeof inMethod === 'string' && rank(evidence) === 'ticked' && areForAdministrators(path, inMethod)
        found.push(isGuarded ? 'used-by-administrators' : 'for-anyone')
      }
      if (areNeverChanged(model)) found.push('never-changed')
      if (site.inFunctions?.some(hasTypedAnswer) === true)
        found.push(...evidenceOfType(site, (alike ??= sitesByFields(selects))))
      // Only what else would come selected is followed, which takes time.
      if (rank([...evidence, ...found]) === 'ticked') {
        const readings = readingsOf(site)
        const isShown = !hasPages || readings.some((each) => each.isShown)
        if (readings.some((each) => each.isOpen)) found.push('no-role-asked')
        else if (addsDate(site) && readings.some((each) => each.isWritten)) found.push('made-by-hand')
        else if (!isShown) found.push(readings.some((each) => each.isRead) ? 'not-displayed' : 'not-read')
        else {
          for (const { types, writtenTypes } of readings) {
            for (const type of types) fed.add(`${model} ${type}`)
            for (const type of writtenTypes) written.add(`${model} ${type}`)
          }
        }
      }
      ofSelects.set(site, found)
    }
  }
  const isIn = (types: ReadonlySet<string>, path: string, { model, declares = [] }: Site): boolean => {
    const places = [path, ...path.replace(EXTENSION, '').split(/[\\/]/)]
    return declares.some((name) => places.some((place) => types.has(`${model} ${name} ${place}`)))
  }
  const isConverted = (path: string, site: Site): boolean =>
    site.declares?.some((name) => convertedTypes.has(name)) === true ||
    (isIn(written, path, site) && addsWrittenDate(site))
  return {
    answered,
    of: (path, site) => {
      if (site.kind === 'breaks') return []
      if (site.kind === 'select') return ofSelects.get(site) ?? []
      return [
        isIn(fed, path, site) ? 'fed-by-select' : 'not-fed',
        ...(areNeverChanged(site.model) ? (['never-changed'] as const) : []),
        ...(isConverted(path, site) ? (['made-by-hand'] as const) : []),
      ]
    },
  }
}

function sitesByFields(selects: Application['selects']): ReadonlyMap<string, readonly Site[]> {
  const found = new Map<string, Site[]>()
  for (const site of [...selects.values()].flat()) {
    const key = keyOf(site)
    const same = found.get(key)
    if (same === undefined) found.set(key, [site])
    else same.push(site)
  }
  return found
}

function keyOf({ model, fields = '' }: Site): string {
  return `${model} ${fields}`
}

/**
 * `type Row = Awaited<ReturnType<typeof list>>` asks for the new fields wherever it is used, also of rows that another
 * function reads with the same fields.
 */
function evidenceOfType(site: Site, alike: ReadonlyMap<string, readonly Site[]>): EvidenceName[] {
  const ranks = (alike.get(keyOf(site)) ?? []).flatMap((each) => (each === site ? [] : rank(each.evidence)))
  if (ranks.includes('left-out')) return ['shares-its-type-with-others']
  return ranks.includes('unticked') ? ['shares-its-type'] : []
}

const EXTENSION = /\.(?:[cm]?[jt]sx?|vue|svelte)$/
