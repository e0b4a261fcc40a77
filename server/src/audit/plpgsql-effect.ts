import { nextToken } from '../text/sql-tokens'

/**
 * The effect of a PL/pgSQL trigger function on one column of NEW. `sets`: on every path. `other`: on none. `unknown`:
 * on some, or in a way that is not understood.
 */
export type ColumnEffect = 'sets' | 'other' | 'unknown'

/** A write of a row that does not set the column: NULL on INSERT, the old value on UPDATE. */
export type WriteOperation = 'INSERT' | 'UPDATE'

/**
 * Walks the function's statements like PostgreSQL for one kind of write. Total; follows both branches of a condition
 * that it cannot decide.
 */
export function plpgsqlEffect(source: string, column: string, operation: WriteOperation): ColumnEffect {
  if (source.length > LONGEST) return 'unknown'
  const tokens = tokensOf(source)
  const begin = tokens.indexOf('begin')
  if (begin === -1 || tokens.some((text) => text.startsWith('u&'))) return 'unknown'
  const reader = new Reader(tokens.slice(begin + 1), column, operation)
  const paths = reader.block(['end', 'exception'])
  if (!reader.isUnderstood()) return 'unknown'
  const ends = new Set(paths.ended)
  if (paths.goesOn !== null) ends.add(paths.goesOn)
  const [only] = ends
  return ends.size === 1 && only !== undefined ? only : ends.size === 0 ? 'other' : 'unknown'
}

/** In characters. Nobody writes longer functions, and their tokens would fill the memory. */
const LONGEST = 1_000_000

/** Lower case, except quoted identifiers, which keep their quotes, and strings. */
function tokensOf(source: string): string[] {
  const texts: string[] = []
  for (let token = nextToken(source, 0); token !== null; token = nextToken(source, token.end)) {
    const { kind, text } = token
    if (kind !== 'comment') texts.push(/^["']/.test(text) ? text : text.toLowerCase())
  }
  return texts
}

/** The state of the column on the path that continues (null: none does), and on those that returned. */
interface Paths {
  readonly goesOn: ColumnEffect | null
  readonly ended: ReadonlySet<ColumnEffect>
}

class Reader {
  private position = 0
  private isConfused = false
  private depth = 0

  constructor(
    private readonly tokens: readonly string[],
    private readonly column: string,
    private readonly operation: WriteOperation,
  ) {}

  /** Statements up to one of the words, which is not consumed. */
  block(ends: readonly string[], start: ColumnEffect = 'other'): Paths {
    let goesOn: ColumnEffect | null = start
    const ended = new Set<ColumnEffect>()
    while (this.position < this.tokens.length && !ends.includes(this.word())) {
      const before = this.position
      const paths: Paths = this.statement(goesOn ?? 'other')
      if (goesOn !== null) {
        for (const effect of paths.ended) ended.add(effect)
        goesOn = paths.goesOn
      }
      if (this.position === before) this.position++
    }
    return { goesOn, ended }
  }

  /**
   * After the function's own block: whether it was read to its END, without an exception handler that could change the
   * result.
   */
  isUnderstood(): boolean {
    return !this.isConfused && this.word() === 'end'
  }

  private word(): string {
    return this.tokens[this.position] ?? ''
  }

  private statement(state: ColumnEffect): Paths {
    const word = this.word()
    if (word === 'if') return this.branch(state)
    if (OPENING.has(word)) return this.opaque(state)
    const words = this.upTo([';'])
    this.position++
    if (word === 'return') {
      const what = words[1] ?? ''
      if (what === 'new' && words.length === 2) return { goesOn: null, ended: new Set([state]) }
      // Returning NULL cancels the write, so no row is left without the value.
      if (what === 'null') return { goesOn: null, ended: NOWHERE }
      return { goesOn: null, ended: new Set([what === 'old' ? 'other' : 'unknown']) }
    }
    if (
      word === 'raise' &&
      (words[1] === 'exception' || (/^['\w]/.test(words[1] ?? "'") && !LEVELS.has(words[1] ?? '')))
    ) {
      return { goesOn: null, ended: NOWHERE }
    }
    return { goesOn: this.afterSimple(words, state), ended: NOWHERE }
  }

  private afterSimple(words: readonly string[], state: ColumnEffect): ColumnEffect {
    const assigned = words[0] === 'new' && words[1] === '.' && (words[3] === ':=' || words[3] === '=')
    if (assigned) {
      if (!this.isColumn(words[2] ?? '')) return state
      return this.assigned(words.slice(4))
    }
    if (words[0] === 'new') return 'unknown'
    const into = words.indexOf('into')
    const isInsert = words[into - 1] === 'insert' || words[into - 1] === 'merge'
    const targets = into === -1 || isInsert ? words.slice(words.lastIndexOf('into')) : words.slice(into)
    const [first, second] = targets.slice(targets[1] === 'strict' ? 2 : 1)
    if (into !== -1 && first === 'new' && words[words.lastIndexOf('into') - 1] !== 'insert') {
      return second === '.' && !targets.some((target) => this.isColumn(target)) ? state : 'unknown'
    }
    return state
  }

  /** A value computed from the column's own may equal it. */
  private assigned(value: readonly string[]): ColumnEffect {
    const isOwn = value.some((word, index) => value[index - 1] === '.' && this.isColumn(word))
    if (!isOwn) return 'sets'
    if (value.length === 3) return 'other'
    return this.operation === 'INSERT' && value[0] === 'coalesce' ? 'sets' : 'unknown'
  }

  /** IF … THEN … ELSIF … ELSE … END IF; */
  private branch(state: ColumnEffect): Paths {
    const ended = new Set<ColumnEffect>()
    const goingOn = new Set<ColumnEffect>()
    if (++this.depth > DEEPEST) this.giveUp()
    let isOpen = true
    let word = this.word()
    while (word === 'if' || word === 'elsif' || word === 'elseif' || word === 'else') {
      this.position++
      let taken: Truth = true
      if (word !== 'else') {
        const condition = this.upTo(['then'])
        // The THEN of a CASE is not that of the IF.
        if (condition.includes('case')) this.isConfused = true
        taken = this.truth(condition)
        this.position++
      }
      const paths = this.block(['elsif', 'elseif', 'else', 'end'], state)
      if (isOpen && taken !== false) {
        for (const effect of paths.ended) ended.add(effect)
        if (paths.goesOn !== null) goingOn.add(paths.goesOn)
      }
      if (taken === true) isOpen = false
      word = this.word()
    }
    if (isOpen) goingOn.add(state)
    this.depth--
    this.upTo([';'])
    this.position++
    return { goesOn: joined(goingOn), ended }
  }

  /** A loop, a CASE or a nested block: only known if it does not mention the column. */
  private opaque(state: ColumnEffect): Paths {
    const start = this.position
    let depth = 0
    for (let isBegun = false; (!isBegun || depth > 0) && this.position < this.tokens.length; this.position++) {
      const word = this.word()
      if (OPENING_BLOCKS.has(word)) {
        isBegun = true
        depth++
      }
      if (word !== 'end') continue
      depth--
      if (OPENING_BLOCKS.has(this.tokens[this.position + 1] ?? '')) this.position++
    }
    this.upTo([';'])
    this.position++
    const words = this.tokens.slice(start, this.position)
    const touches = words.some(
      (word, index) =>
        word === 'return' ||
        word === 'execute' ||
        (word === 'new' && (words[index + 1] !== '.' || this.isColumn(words[index + 2] ?? ''))),
    )
    return touches
      ? { goesOn: 'unknown', ended: words.includes('return') ? new Set(['unknown']) : NOWHERE }
      : { goesOn: state, ended: NOWHERE }
  }

  /** Nothing more is read. */
  private giveUp(): void {
    this.isConfused = true
    this.position = this.tokens.length
  }

  private upTo(ends: readonly string[]): string[] {
    const words: string[] = []
    while (this.position < this.tokens.length && !ends.includes(this.word())) {
      words.push(this.word())
      this.position++
    }
    return words
  }

  /** OR of ANDs, as long as there are no parentheses; anything else is undecided. */
  private truth(words: readonly string[]): Truth {
    if (words.length > LONGEST_CONDITION) return 'unknown'
    return some(split(words, 'or').map((part) => every(split(part, 'and').map((atom) => this.atom(atom)))))
  }

  private atom(words: readonly string[]): Truth {
    if (words[0] === '(' && words.at(-1) === ')') return this.truth(words.slice(1, -1))
    const text = words.join(' ').replace(/operator \( pg_catalog \. (\S+) \)/g, '$1')
    const operation = /^tg_op (=|<>|!=) '(\w+)'$/i.exec(text)
    if (operation !== null) return (operation[2] === this.operation) === (operation[1] === '=')
    const among = /^tg_op in \( ((?:'\w+'(?: , )?)+) \)$/i.exec(text)
    if (among !== null) return (among[1] ?? '').includes(`'${this.operation}'`)
    if (words[0] === 'new' && words[1] === '.' && this.isColumn(words[2] ?? '')) {
      const rest = words.slice(3).join(' ')
      if (rest === 'is null') return this.operation === 'INSERT'
      if (rest === 'is not null') return this.operation === 'UPDATE'
    }
    // Set only by Prisma Audit, and only while it fills a column.
    if (/^(?:pg_catalog \. )?current_setting \( 'prisma_audit\.\w+' , true \) = 'on'$/.test(text)) return false
    return 'unknown'
  }

  private isColumn(word: string): boolean {
    return word.startsWith('"') ? word === `"${this.column.replaceAll('"', '""')}"` : word === this.column
  }
}

type Truth = boolean | 'unknown'

function some(truths: readonly Truth[]): Truth {
  return truths.includes(true) ? true : truths.includes('unknown') ? 'unknown' : false
}

function every(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : truths.includes('unknown') ? 'unknown' : true
}

/** At the word outside parentheses. */
function split(words: readonly string[], separator: string): string[][] {
  const parts: string[][] = [[]]
  let depth = 0
  for (const word of words) {
    if (word === '(') depth++
    if (word === ')') depth--
    if (word === separator && depth === 0) parts.push([])
    else parts.at(-1)?.push(word)
  }
  return parts
}

function joined(effects: ReadonlySet<ColumnEffect>): ColumnEffect | null {
  const [first] = effects
  return effects.size > 1 ? 'unknown' : (first ?? null)
}

const NOWHERE: ReadonlySet<ColumnEffect> = new Set()

/** Nested IFs, and words of a condition: nobody writes more, and the stack is limited. */
const DEEPEST = 200
const LONGEST_CONDITION = 1000

/** Words that start a statement that contains statements. */
const OPENING = new Set(['begin', 'declare', 'case', 'loop', 'while', 'for', 'foreach', '<'])

/** Each of these, and IF, has its own END. WHILE and FOR have theirs through LOOP. */
const OPENING_BLOCKS = new Set(['begin', 'case', 'loop', 'if'])

/** A RAISE with one of these continues. */
const LEVELS = new Set(['debug', 'log', 'info', 'notice', 'warning'])
