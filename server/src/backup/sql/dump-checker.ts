import { phrase } from '../../text/phrase'
import { archiveUnreadable } from '../errors'
import { requireDumpStatement, type DumpPart } from './dump-statements'
import { statementsOf } from './split-statements'

/**
 * Checks SQL that comes line by line for statements that no dump contains (`requireDumpStatement`). Memory is that of
 * one object: whatever was checked is forgotten.
 */
export class DumpChecker {
  private lines: string[] = []
  private size = 0
  /** The size at which the last attempt found an incomplete statement. */
  private tried = 0

  constructor(
    private readonly file: string,
    private readonly part: DumpPart = 'any',
  ) {}

  line(line: string): void {
    this.lines.push(line)
    this.size += line.length + LINE_OVERHEAD
    if (this.size > LARGEST_SQL) throw archiveUnreadable(this.file, phrase`A part of its SQL has more than 100 MB.`)
  }

  /** Call before the comment of an object; the body of a function may contain what looks like one. */
  nextObject(): void {
    // Twice the size, because a body may contain thousands.
    if (this.size >= 2 * this.tried) this.check(false)
  }

  end(): void {
    this.check(true)
  }

  private check(isEnd: boolean): void {
    for (const { statement, isComplete } of statementsOf(this.lines.join('\n'))) {
      if (!isEnd && !isComplete) {
        this.tried = this.size
        return
      }
      requireDumpStatement(this.file, statement, this.part)
    }
    this.lines = []
    this.size = 0
    this.tried = 0
  }
}

/** Characters, of up to two bytes: they are in memory twice, as lines and as one string, and our heap has 1 GB. */
const LARGEST_SQL = 100_000_000
/** Even an empty line takes memory. */
const LINE_OVERHEAD = 16
