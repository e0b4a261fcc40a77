import { archiveUnreadable } from '../errors'
import { requireDumpStatement } from './dump-statements'
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

  constructor(private readonly file: string) {}

  line(line: string): void {
    this.lines.push(line)
    this.size += line.length + LINE_OVERHEAD
    if (this.size > LARGEST_SQL) throw archiveUnreadable(this.file, 'A part of its SQL has more than 400 MB.')
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
    const statements = [...statementsOf(this.lines.join('\n'))]
    if (!isEnd && statements.at(-1)?.isComplete === false) {
      this.tried = this.size
      return
    }
    for (const { statement } of statements) requireDumpStatement(this.file, statement)
    this.lines = []
    this.size = 0
    this.tried = 0
  }
}

/** Characters. It becomes one string, which JavaScript limits to 536 million. */
const LARGEST_SQL = 400_000_000
/** Even an empty line takes memory. */
const LINE_OVERHEAD = 16
