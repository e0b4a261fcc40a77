import { parseSource } from './parse-source'
import { sourceTree, type SourceTree } from './syntax'

/**
 * Parses a file for one question. What cannot be read or does not parse, or nests too deep to be looked through, answers
 * no.
 */
export function askSource(path: string, text: string | null, question: (tree: SourceTree) => boolean): boolean {
  const program = text === null ? null : parseSource({ path, text }).program
  if (text === null || program === null) return false
  try {
    return question(sourceTree(text, program))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return false
  }
}
