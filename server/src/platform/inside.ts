import path from 'node:path'

/**
 * Is the file the folder, or somewhere below it? By their names alone, as the system compares them: Windows ignores case, and
 * between two of its drives there is no way. `rules` are those of another system, for tests.
 */
export function isInside(folder: string, file: string, rules: path.PlatformPath = path): boolean {
  const relative = rules.relative(folder, file)
  return relative !== '..' && !relative.startsWith(`..${rules.sep}`) && !rules.isAbsolute(relative)
}

/** The file as it is shown: relative to the folder and with slashes; the whole path where it is not below. */
export function shownPath(folder: string, file: string, rules: path.PlatformPath = path): string {
  const relative = rules.relative(folder, file)
  return relative === '' || !isInside(folder, file, rules) ? file : relative.split(rules.sep).join('/')
}
