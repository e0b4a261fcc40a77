import { kindOf, type AuditField } from './kinds'

/**
 * `/// @audit-ignore` above a model or a field. Alone, or with nothing but a reason, it silences everything there;
 * `index-unmapped, updatedAt: why` silences what it names: codes of findings, and audit fields by their name or their code.
 */
export interface IgnoreComment {
  readonly names: ReadonlySet<string>
  /** What it says after the colon; null where it says nothing. */
  readonly why: string | null
  ignores(field: AuditField): boolean
}

/** The `@audit-ignore` lines among the lines of a doc comment. */
export function ignoreComments(documentation: readonly string[]): IgnoreComment[] {
  return documentation.flatMap((line) => {
    const match = /^\s*@audit-ignore(?![\w-])\s*([\w-]+(?:\s*,\s*[\w-]+)*)?\s*(?::(.*))?/.exec(line)
    if (match === null) return []
    const names = new Set((match[1] ?? EVERYTHING).split(',').map((name) => name.trim()))
    const ignores = (field: AuditField) => names.has(EVERYTHING) || names.has(field) || names.has(kindOf(field).code)
    const why = match[2]?.trim() ?? ''
    return [{ names, why: why === '' ? null : why, ignores }]
  })
}

/** All names that the comments of a block or a field silence there. */
export function ignoredNames(documentation: readonly string[]): ReadonlySet<string> {
  return new Set(ignoreComments(documentation).flatMap(({ names }) => [...names]))
}

/** Stands for whatever there is. */
export const EVERYTHING = '*'
