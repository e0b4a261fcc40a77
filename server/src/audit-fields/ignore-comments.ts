import { kindOf, type AuditField } from './kinds'

/**
 * `/// @audit-ignore` above a model or a field. Alone, or with only a reason, it ignores everything there;
 * `index-unmapped, updatedAt: why` ignores what it lists: finding codes, and audit fields by name or code.
 */
export interface IgnoreComment {
  readonly names: ReadonlySet<string>
  /** The reason after the colon; null if there is none. */
  readonly why: string | null
  ignores(field: AuditField): boolean
}

/** The `@audit-ignore` lines among the lines of a doc comment. */
export function ignoreComments(documentation: readonly string[]): IgnoreComment[] {
  return documentation.flatMap((line) => {
    const [start = '', rest = ''] = /^\s*@audit-ignore(?![\w-])(.*)/.exec(line) ?? []
    if (start === '') return []
    // A name in quotes or brackets is a name too; otherwise such a comment would ignore everything.
    const unquoted = rest.replace(/["'`()[\]]/g, ' ')
    const match = /^\s*([\w-]+(?:\s*,\s*[\w-]+)*)?\s*(:)?/.exec(unquoted) ?? ['']
    const names = new Set((match[1] ?? EVERYTHING).split(',').map((name) => name.trim()))
    const ignores = (field: AuditField) => names.has(EVERYTHING) || names.has(field) || names.has(kindOf(field).code)
    const why = match[2] === undefined ? '' : rest.slice(match[0].length).trim()
    return [{ names, why: why === '' ? null : why, ignores }]
  })
}

/** All names that the comments of a block or a field ignore. */
export function ignoredNames(documentation: readonly string[]): ReadonlySet<string> {
  return new Set(ignoreComments(documentation).flatMap(({ names }) => [...names]))
}

/** Stands for everything. */
export const EVERYTHING = '*'
