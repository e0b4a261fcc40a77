import path from 'node:path'
import { readTextIfFit } from './bounded-files'

export interface FoundFile {
  readonly file: string
  readonly text: string
}

/**
 * The file of that name in the folder or the nearest folder above it, at most in `top`; null if there is none that can
 * be read.
 */
export function nearestFile(folder: string, name: string, top: string | null = null): FoundFile | null {
  for (let around = folder; ; around = path.dirname(around)) {
    const found = readFound(path.join(around, name))
    if (found !== null || around === top || path.dirname(around) === around) return found
  }
}

/** Null if it cannot be read. */
export function readFound(file: string): FoundFile | null {
  const text = readTextIfFit(file)
  return text === null ? null : { file, text }
}
