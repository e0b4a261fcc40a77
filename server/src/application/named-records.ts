import { recordNames } from './model-names'
import type { CodeModels } from './model'

/** Which models' records code speaks of, by the names in it alone. */
export class NamedRecords {
  /** The names of all models as one word, `maintenanceticket`, with their models. */
  private readonly modelsOfWord: ReadonlyMap<string, readonly string[]>
  private readonly typeNames: RegExp | null
  private readonly modelOfType: ReadonlyMap<string, string>

  constructor(models: CodeModels) {
    const modelsOfWord = new Map<string, string[]>()
    const modelOfType = new Map<string, string>()
    for (const { model, members } of models.values()) {
      for (const name of new Set(recordNames(model).map(wordOf)))
        modelsOfWord.set(name, [...(modelsOfWord.get(name) ?? []), model])
      if (members.length > 0) for (const name of recordNames(model)) modelOfType.set(name, model)
    }
    this.modelsOfWord = modelsOfWord
    this.modelOfType = modelOfType
    const typeNames = [...modelOfType.keys()].filter((name) => /^[A-Z]/.test(name))
    this.typeNames = typeNames.length === 0 ? null : new RegExp(String.raw`\bI?(${typeNames.join('|')})(?![a-z])`, 'g')
  }

  /**
   * The models of the records with these names in one file; where a name is no model's, of what the file is about by
   * its path.
   * `ANY_MODEL` is among them if neither says what a record is.
   * `undefined` and names such as `row` may be of any type that the file names.
   */
  modelsOf(names: readonly (string | undefined)[], path: string, text: string): string[] {
    const found = new Set<string>()
    const lists = listsOf(text)
    const ofPath = this.modelsOfPath(path)
    let types: readonly string[] | null = null
    for (const name of [...new Set(names)].slice(0, MOST_NAMES)) {
      const models = name === undefined ? null : (this.modelsNamed(name) ?? this.modelsOfList(lists.get(name)))
      const isUnknown = name === undefined || SAYS_NOTHING.test(name)
      const ofFile = ofPath ?? (isUnknown ? (types ??= this.typesIn(text)) : [])
      for (const model of models ?? ofFile) found.add(model)
      if (models === null && ofPath === null) found.add(ANY_MODEL)
    }
    return [...found]
  }

  private modelsOfList(list: string | null | undefined): readonly string[] | null {
    return list === null || list === undefined ? null : this.modelsNamed(list)
  }

  /** `selectedLead` is a lead; null for `row`, `item` and other names that say nothing. */
  private modelsNamed(name: string): readonly string[] | null {
    const words = wordsOf(name)
    const word = words.join('')
    const last = words.at(-1) ?? ''
    if (last.length < SHORTEST) return null
    const known = this.modelsOfWord.get(word) ?? this.modelsOfWord.get(last)
    if (known !== undefined) return known
    const longer = [...this.modelsOfWord].flatMap(([each, models]) =>
      each.endsWith(word) || each.startsWith(word) ? models : [],
    )
    return longer.length > 0 ? longer : null
  }

  /** What the file is about; null if its path does not say. */
  private modelsOfPath(path: string): readonly string[] | null {
    const parts = path.split(/[\\/.]/).filter((part) => !LAYOUT.test(part))
    const models = parts.flatMap((part) => this.modelsNamed(part) ?? [])
    return models.length === 0 ? null : models
  }

  private typesIn(text: string): readonly string[] {
    if (this.typeNames === null) return []
    const named = new Set(
      [...text.matchAll(this.typeNames)].flatMap(([, name = '']) => this.modelOfType.get(name) ?? []),
    )
    return named.size <= MOST_TYPES ? [...named] : []
  }
}

/** No model is called so. */
export const ANY_MODEL = '*'

/** `b` of `bookings.map((b) => …)` is one of the bookings; null for a name that is used for several lists. */
function listsOf(text: string): ReadonlyMap<string, string | null> {
  const lists = new Map<string, string | null>()
  for (const [, list = '', each = ''] of text.matchAll(LIST)) {
    const known = lists.get(each)
    lists.set(each, known === undefined || known === list ? list : null)
  }
  return lists
}

const LIST = /\b(\w{1,60})\)?[!?]?\.(?:map|flatMap|forEach|filter|find)\(\s?(?:async\s)?\(?(\w{1,60})/g

/** More names in one file are not somebody's page. */
const MOST_NAMES = 200

/** A `customer` that is no model is somebody else's record. */
const SAYS_NOTHING =
  /^(?:\w{1,2}|this|row|item|record|data|entry|each|one|original|value|values|current|selected\w*|result|props|info|details?|params|doc|obj|object|elem?|element|node|it|model|entity|viewing\w*|editing\w*)$/i

/** `u` and `it` say nothing. */
const SHORTEST = 3

/** A file with more kinds of records does not tell which of them it is about. */
const MOST_TYPES = 2

/** What routers and frameworks name a file or a folder, whatever it is about. */
const LAYOUT =
  /^(?:page|layout|index|route|routes|app|apps|src|lib|api|components?|pages?|views?|features?|modules?|services?|controllers?|admin|[cm]?[jt]sx?|vue|svelte|\[.*\]|\(.*\))$/i

function wordOf(name: string): string {
  return wordsOf(name).join('')
}

/** In lower case, the last in the singular. */
function wordsOf(name: string): string[] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  const last = words.pop()
  return last === undefined ? [] : [...words, singular(last)]
}

function singular(word: string): string {
  if (/(?:ss|us|is)$/.test(word)) return word
  return word
    .replace(/([^aeiou])ies$/, '$1y')
    .replace(/(ss|us|x|z|ch|sh)es$/, '$1')
    .replace(/s$/, '')
}
