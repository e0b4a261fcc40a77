import path from 'node:path'
import { readTextIfFit } from '../files/bounded-files'
import { nearestFile } from '../files/nearest-file'

/** The folder of the package that a folder is in; the folder itself if there is none. */
export function packageAround(folder: string, top: string): string {
  const found = nearestFile(folder, 'package.json', top)
  return found === null ? folder : path.dirname(found.file)
}

/** What a package.json says. */
interface PackageContent {
  readonly name: string | null
  readonly dependencies: readonly string[]
  /** Jest's, for the files that are tests; empty if they are not set there. */
  readonly testPatterns: readonly string[]
}

export function contentOf(folder: string): PackageContent {
  const parsed = recordOf(parsedJson(readTextIfFit(path.join(folder, 'package.json')) ?? ''))
  const dependencies = [parsed.dependencies, parsed.devDependencies].flatMap((names) => Object.keys(recordOf(names)))
  const { testRegex, testMatch } = recordOf(parsed.jest)
  return {
    name: typeof parsed.name === 'string' ? parsed.name : null,
    dependencies,
    testPatterns: [testRegex, testMatch].flat().filter((pattern) => typeof pattern === 'string'),
  }
}

/** The packages that decide about a file: its own, and the one of the whole repository. */
export function packagesAround(file: string, top: string): PackageContent[] {
  return [packageAround(path.dirname(file), top), top].map(contentOf)
}

function parsedJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return null
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
