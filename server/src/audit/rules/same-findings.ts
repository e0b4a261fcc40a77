import type { Range } from '../../schema/model'
import type { LocalFinding } from './local-finding'

/** The previous findings if the new ones are equal, so that the caller sees by identity that nothing changed. */
export function beforeIfEqual(
  before: readonly LocalFinding[] | undefined,
  after: readonly LocalFinding[],
): readonly LocalFinding[] {
  return before !== undefined && sameFindings(before, after) ? before : after
}

function sameFindings(left: readonly LocalFinding[], right: readonly LocalFinding[]): boolean {
  return (
    left.length === right.length &&
    left.every((finding, position) => {
      const other = right[position]
      return other !== undefined && sameFinding(finding, other)
    })
  )
}

function sameFinding(left: LocalFinding, right: LocalFinding): boolean {
  return (
    left.code === right.code &&
    left.severity === right.severity &&
    left.message === right.message &&
    left.model === right.model &&
    left.field === right.field &&
    left.schemaName === right.schemaName &&
    left.table === right.table &&
    left.column === right.column &&
    left.object === right.object &&
    left.expected === right.expected &&
    left.actual === right.actual &&
    left.missingIn === right.missingIn &&
    sameRange(left.range, right.range)
  )
}

function sameRange({ start, end }: Range, other: Range): boolean {
  return (
    start.line === other.start.line &&
    start.character === other.start.character &&
    end.line === other.end.line &&
    end.character === other.end.character
  )
}
