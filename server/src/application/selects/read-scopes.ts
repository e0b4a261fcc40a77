import type { CodeModels } from '../model'
import { isTestPath } from '../place-evidence'

/**
 * The models that are only read for one user at a time: every `findMany` names the user whose records it asks for, so
 * only that user sees and changes them. By text alone, because most files that read a model are not parsed.
 */
export class ReadScopes {
  private readonly byFile = new Map<string, readonly Read[]>()
  private readonly call: RegExp
  private readonly userModels: ReadonlySet<string>
  private readonly modelOf: ReadonlyMap<string, string>

  constructor(models: CodeModels) {
    const audited = [...models.values()].filter(({ members }) => members.length > 0)
    this.userModels = new Set(audited.flatMap(({ model, isUser }) => (isUser ? [model] : [])))
    this.modelOf = new Map(audited.map(({ clientName, model }) => [clientName, model]))
    this.call = new RegExp(
      String.raw`\.\s*(${[...this.modelOf.keys()].join('|')})\s*\.\s*find(Many|First)\w*\s*\(`,
      'g',
    )
  }

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    const reads = this.modelOf.size === 0 || isTestPath(shown) || !text.includes('find') ? [] : this.readsIn(text)
    if (reads.length > 0) this.byFile.set(path, reads)
    else this.byFile.delete(path)
  }

  remove(path: string): void {
    this.byFile.delete(path)
  }

  ofOneUser(): ReadonlySet<string> {
    const reads = [...this.byFile.values()].flat().filter(({ model }) => !this.userModels.has(model))
    const ofAll = new Set(reads.flatMap(({ model, scope }) => (scope === 'all' ? [model] : [])))
    return new Set(reads.flatMap(({ model, scope }) => (scope === 'user' && !ofAll.has(model) ? [model] : [])))
  }

  get isEmpty(): boolean {
    return this.byFile.size === 0
  }

  /** The files that list the records of all users, by model. */
  listedIn(): ReadonlyMap<string, readonly string[]> {
    const paths = new Map<string, string[]>()
    for (const [path, reads] of this.byFile) {
      for (const { model, scope } of reads) {
        if (scope === 'all') paths.set(model, [...(paths.get(model) ?? []), path])
      }
    }
    return paths
  }

  private readsIn(text: string): Read[] {
    return [...text.matchAll(this.call)].flatMap((match) => {
      const [whole, clientName = '', kind] = match
      const model = this.modelOf.get(clientName)
      if (model === undefined) return []
      const start = match.index + whole.length
      const scope = scopeOf(whereOf(text, start))
      // `findFirst` asks for one record, whoever owns it.
      return kind === 'First' && scope === 'all' ? [] : [{ model, scope }]
    })
  }
}

interface Read {
  readonly model: string
  readonly scope: 'user' | 'all'
}

/** The `where` of a call; empty if there is none. A name is looked up in its declaration. */
function whereOf(text: string, start: number): string {
  const options = text.slice(start, endOfBrackets(text, start))
  const where = /\bwhere\b\s*(?::\s*(\w+)?|(?=[,}]))/.exec(options)
  if (where === null) return ''
  const [whole, name] = where
  if (!whole.includes(':') || name !== undefined)
    return declared(text.slice(Math.max(0, start - FARTHEST), start), name ?? 'where')
  const open = where.index + whole.length
  return options.slice(open, endOfBrackets(options, open + 1))
}

function declared(before: string, name: string): string {
  const start = Math.max(before.lastIndexOf(`const ${name}`), before.lastIndexOf(`let ${name}`))
  const open = start < 0 ? -1 : before.indexOf('{', before.indexOf('=', start))
  return open < 0 ? '' : before.slice(open, endOfBrackets(before, open + 1) + 1)
}

/** Where the bracket opened before `start` is closed. */
function endOfBrackets(text: string, start: number): number {
  let depth = 1
  const end = Math.min(text.length, start + LONGEST)
  for (let index = start; index < end; index++) {
    const character = text.charCodeAt(index)
    if (character === 123 || character === 40 || character === 91) depth++
    else if ((character === 125 || character === 41 || character === 93) && --depth === 0) return index
  }
  return end
}

/** The most characters of a call's arguments that are read. */
const LONGEST = 4000

/** The most characters before a call in which a name is looked up. */
const FARTHEST = 20_000

function scopeOf(where: string): Read['scope'] {
  // `...(userId && { userId })` is an optional filter, and so is `userId: query.userId`.
  const always = where.replace(/\.\.\.\s*\([^)]*\)/g, '')
  return OF_USER.test(always) && !FILTER.test(always) ? 'user' : 'all'
}

const OF_USER = /\b(?:(?:user|owner|author|creator|created_?by|sender|clerk)_?(?:id)?|user_?email)\b\s*[:,}]/i

const FILTER =
  /\b(?:user|owner|author)_?id\s*:\s*(?:(?:req|request|args|input|params|query|filters?|dto|body)[?!]?\.|undefined\b|\w+\s*\?\?|\w+\s*\|\||\w+\s*\?)/i
