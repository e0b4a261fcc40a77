import path from 'node:path'

/**
 * Whether the file is the folder or below it. Compares names only, as the system does: Windows ignores case, and there
 * is no relative path between its drives. `rules` are those of another system, for tests.
 */
export function isInside(folder: string, file: string, rules: path.PlatformPath = path): boolean {
  const relative = rules.relative(folder, file)
  return relative !== '..' && !relative.startsWith(`..${rules.sep}`) && !rules.isAbsolute(relative)
}

/** The file for display: relative to the folder, with slashes; the absolute path if it is outside. */
export function shownPath(folder: string, file: string, rules: path.PlatformPath = path): string {
  const relative = rules.relative(folder, file)
  return relative === '' || !isInside(folder, file, rules) ? file : relative.split(rules.sep).join('/')
}
