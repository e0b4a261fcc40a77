import path from 'node:path'
import { readTextIfFit } from '../files/bounded-files'
import { contentOf } from './package-content'

/**
 * Whether the first of the folders with settings for Jest or Vitest has some that find `*.spec.ts` and no `*.test.ts`,
 * as NestJS's do. Their code is not run, so patterns that it computes are unknown.
 */
export function findsOnlySpecs(folders: readonly string[]): boolean {
  for (const folder of folders) {
    const patterns = patternsOf(folder)
    if (patterns.length > 0) return patterns.every((text) => /spec/i.test(text) && !/test/i.test(withoutFolders(text)))
  }
  return false
}

function patternsOf(folder: string): readonly string[] {
  const { testPatterns } = contentOf(folder)
  const files = RUNNERS.flatMap((runner) => ENDINGS.map((ending) => `${runner}.config.${ending}`))
  const inFiles = files.flatMap((file) => [...(readTextIfFit(path.join(folder, file)) ?? '').matchAll(PATTERNS)])
  return [...testPatterns, ...inFiles.map(([, text = '']) => text)]
}

const RUNNERS = ['jest', 'vitest']
const ENDINGS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json']

/** Not in comments, as in a file of `jest --init`. A list that is not closed soon is read to the end of its line. */
const PATTERNS =
  /(?:^|[{,])[ \t]*["']?(?:testRegex|testMatch|include)["']?[ \t]*:[ \t]*(\[[^\]]{0,1000}\]|[^\n]{0,1000})/gm

/** `__tests__/` and `test/` say nothing about the name of a file. */
function withoutFolders(pattern: string): string {
  return pattern.replace(/\b_*tests?_*\//gi, '')
}
