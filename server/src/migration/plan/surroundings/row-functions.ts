import type { RowFunction } from '../../../database/model-surroundings'
import {
  COMBINES,
  namesOf,
  positionOf,
  resultLists,
  starOf,
  wordsOf,
  type ResultList,
  type Word,
} from './function-text'
import { phrase, type Phrase } from '../../../text/phrase'

/**
 * Why a function fails, or changes its meaning, once a table has more columns; null if its text does not show it.
 * PostgreSQL expands `*` and compares the numbers of columns each time such a function runs, and does not record which
 * columns it uses. `name` is the table's, `added` are its new columns.
 */
export function whyBroken(
  { source, language, isTree, returnsRow, rowsOf }: RowFunction,
  { table, name, added }: { readonly table: string; readonly name: string; readonly added: readonly string[] },
): Phrase | null {
  const isResult = rowsOf === table
  if (!isResult && !source.toLowerCase().includes(name.toLowerCase())) return null
  const words = wordsOf(isTree ? source.slice(source.indexOf('BEGIN ATOMIC') + 'BEGIN ATOMIC'.length) : source)
  const results = language === 'plpgsql' ? returnedQueries(words) : [lastStatement(words)]
  if (isResult && (results.some(listsColumns) || (language === 'plpgsql' && returnsListedRecord(words))))
    return phrase`lists the columns of the rows that it returns`
  // Its columns were named when it was created.
  if (isTree) return null
  const selectsAll = (within: readonly Word[], list: ResultList) => {
    const read = namesOf(name, within, list)
    const stars = list.items.flatMap((item) => starOf(item) ?? [])
    return read.length > 0 && stars.some(({ of }) => of === null || read.includes(of))
  }
  if (!isResult && returnsRow && results.some((query) => topLists(query).some((list) => selectsAll(query, list))))
    return phrase`returns all columns of its rows (SELECT *), but declares them one by one`
  const lists = resultLists(words)
  const all = lists.filter((list) => selectsAll(words, list))
  if (all.some((list) => isCounted(words, list, lists, all, name)) || insertsVariable(words, name))
    return phrase`inserts or compares all columns of its rows (SELECT *)`
  const scopes = scopesOf(words, lists, name)
  const taken = added.find((column) => takesName(column, words, scopes))
  return taken === undefined ? null : phrase`uses the name ${taken} for something other than the new column`
}

function lastStatement(words: readonly Word[]): readonly Word[] {
  const end = words.at(-1)?.text === 'end' ? words.length - 1 : words.length
  const ends = words.flatMap(({ text, depth }, at) => (text === ';' && depth === 0 && at < end - 1 ? [at] : []))
  return words.slice((ends.at(-1) ?? -1) + 1, end)
}

/** Of RETURN QUERY, and the constant SQL of RETURN QUERY EXECUTE. */
function returnedQueries(words: readonly Word[]): (readonly Word[])[] {
  return words.flatMap(({ text }, at) => {
    if (text !== 'return' || words[at + 1]?.text !== 'query') return []
    const query = words.slice(at + 2, positionOf(words, at, isEnd))
    if (query[0]?.text !== 'execute') return [query]
    const sql = /^'(.*)'$/s.exec(query[1]?.text ?? '')?.[1]
    return sql === undefined ? [] : [wordsOf(sql.replaceAll("''", "'"))]
  })
}

/** The lists that make the result of a query: of each part of a UNION. */
function topLists(query: readonly Word[]): ResultList[] {
  const [first] = query
  return resultLists(query).filter(({ depth }) => depth === first?.depth)
}

/** Whether a query names, one by one, the columns of what it returns. */
function listsColumns(query: readonly Word[]): boolean {
  if (query[0]?.text === 'values') return true
  return topLists(query).some(({ items }) => isListed(items))
}

function isListed(items: ResultList['items']): boolean {
  const [first = []] = items
  const isRow = first[0] === 'row' || (first[0] === '(' && first.includes(','))
  return items.every((item) => starOf(item) === null) && (items.length > 1 || isRow)
}

/** `RETURN (a, b)`, `RETURN ROW(…)`, or a record variable that got its columns from a list. */
function returnsListedRecord(words: readonly Word[]): boolean {
  const text = (at: number) => words[at]?.text ?? ''
  const returned = words.flatMap((_, at) => {
    if (text(at) !== 'return') return []
    return [text(at + 1) === 'next' ? at + 2 : at + 1]
  })
  const isRow = returned.some((at) =>
    isListed([words.slice(at, positionOf(words, at, isEnd)).map((word) => word.text)]),
  )
  const records = new Set(words.flatMap((_, at) => (text(at + 1) === 'record' ? [text(at)] : [])))
  const names = new Set(returned.map(text).filter((name) => records.has(name)))
  return (
    isRow ||
    resultLists(words).some(({ at, listEnd, items }) => {
      const into =
        text(listEnd) !== 'into' ? '' : text(listEnd + 1) === 'strict' ? text(listEnd + 2) : text(listEnd + 1)
      const isFilled = names.has(into) || (text(at - 1) === 'in' && names.has(text(at - 2)))
      return isFilled && items.length > 1 && isListed(items)
    })
  )
}

function isEnd({ text }: Word): boolean {
  return text === ';'
}

/** Whether what a SELECT * returns has to have a certain number of columns. */
function isCounted(
  words: readonly Word[],
  list: ResultList,
  lists: readonly ResultList[],
  all: readonly ResultList[],
  table: string,
): boolean {
  const text = (at: number) => words[at]?.text ?? ''
  if (text(list.at - 1) === '(' && ['in', 'any'].includes(text(list.at - 2))) return true
  const others = lists.filter(({ at, depth }) => depth === list.depth && at !== list.at)
  const next = COMBINES.has(text(list.end)) ? others.find(({ at }) => at > list.end) : undefined
  const former = others.findLast(({ end }) => end < list.at && end >= list.at - 2 && COMBINES.has(text(end)))
  if ([next, former].some((other) => other !== undefined && !all.includes(other))) return true
  return isInserted(words, list, table)
}

/** Into another table: in the same one, there are as many columns. */
function isInserted(words: readonly Word[], { at, depth }: Pick<ResultList, 'at' | 'depth'>, table: string): boolean {
  for (let before = at - 1; before >= 0; before--) {
    const word = words[before]
    if (word === undefined || word.depth < depth || word.text === ';' || word.text === 'select') return false
    if (word.text !== 'insert') continue
    const isQualified = words[before + 3]?.text === '.'
    return words[before + (isQualified ? 4 : 2)]?.text !== table
  }
  return false
}

/** `INSERT INTO other VALUES (r.*)`, where `r` is declared as a row of the table. */
function insertsVariable(words: readonly Word[], table: string): boolean {
  const text = (at: number) => words[at]?.text ?? ''
  const variables = words.flatMap((_, at) => {
    if (text(at) !== table || ![';', '%', ':=', 'default'].includes(text(at + 1))) return []
    return [text(at - 1) === '.' ? text(at - 3) : text(at - 1)]
  })
  return words.some(
    ({ depth }, at) =>
      text(at) === 'values' &&
      variables.includes(text(at + 2)) &&
      text(at + 3) === '.' &&
      text(at + 4) === '*' &&
      isInserted(words, { at, depth }, table),
  )
}

/** A query, an UPDATE, a DELETE or a MERGE, in which a bare name is first looked for in the columns of its tables. */
interface Scope extends Pick<ResultList, 'at' | 'end' | 'items'> {
  readonly hasTable: boolean
}

function scopesOf(words: readonly Word[], lists: readonly ResultList[], table: string): Scope[] {
  const queries = lists.map((list) => ({ ...list, hasTable: namesOf(table, words, list).length > 0 }))
  const writes = words.flatMap(({ depth }, at): Scope[] => {
    const written = writtenBy(words, at)
    if (written === null) return []
    const isBehind = (word: Word) => word.depth < depth || (word.depth === depth && WRITE_ENDS.has(word.text))
    const end = positionOf(words, at + 1, isBehind)
    const hasTable = written === table || namesOf(table, words, { depth, listEnd: at, end }).length > 0
    return [{ at, end, items: [], hasTable }]
  })
  return [...queries, ...writes].sort((left, right) => left.at - right.at)
}

const WRITE_ENDS: ReadonlySet<string> = new Set([';', 'loop', 'insert', 'update', 'delete', 'merge'])

/** The table of an UPDATE, a DELETE, a MERGE or an ON CONFLICT DO UPDATE that begins there; null if none does. */
function writtenBy(words: readonly Word[], at: number): string | null {
  const text = (position: number) => words[position]?.text ?? ''
  const named = (position: number): string => {
    const first = text(position) === 'only' ? position + 1 : position
    return text(first + 1) === '.' ? text(first + 2) : text(first)
  }
  const begins = `${text(at)} ${text(at + 1)}`
  if (begins === 'delete from' || begins === 'merge into') return named(at + 2)
  if (text(at) !== 'update' || ['for', 'key'].includes(text(at - 1))) return null
  if (text(at - 1) !== 'do') return named(at + 1)
  return named(words.slice(0, at).findLastIndex((word) => word.text === 'insert') + 2)
}

/**
 * Whether a statement with the table uses the name of a column that the table does not have yet, with nothing in front
 * of it: that is a variable now, or a column of another table.
 */
function takesName(name: string, words: readonly Word[], scopes: readonly Scope[]): boolean {
  return scopes.some(
    (scope) =>
      scope.hasTable &&
      !scope.items.some((item) => item.at(-2) === 'as' && item.at(-1) === name) &&
      words.slice(scope.at, scope.end).some(({ text }, position) => {
        const at = scope.at + position
        const [before = '', behind = ''] = [words[at - 1]?.text, words[at + 1]?.text]
        const isBare = !['.', 'as', 'into'].includes(before) && behind !== '.'
        const isSet = behind === '=' && (before === 'set' || before === ',')
        return (
          text === name && isBare && !isSet && scopes.findLast((other) => other.at < at && at < other.end) === scope
        )
      }),
  )
}
