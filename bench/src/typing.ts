import type { Diagnostic, Range } from 'vscode-languageserver-protocol/node'
import type { BenchProject } from './bench'
import type { Editor, Reaction } from './editor'

/**
 * Types and deletes fields that have no column, in one model after the other all over the file, so that every
 * keystroke changes the diagnostics. Each reaction is one keystroke.
 */
export class Typist {
  private readonly idLines: readonly number[]
  private turn = 0

  constructor(
    private readonly editor: Editor,
    private readonly project: BenchProject,
    /** Waits for our own finding; a peer knows nothing of the database, and its next diagnostics are the answer. */
    private readonly waitsForFinding: boolean,
  ) {
    this.idLines = project.text.split('\n').flatMap((line, number) => (line.startsWith('  id ') ? [number] : []))
  }

  async type(keystrokes: number): Promise<Reaction[]> {
    const reactions: Reaction[] = []
    while (reactions.length < keystrokes) reactions.push(await this.typeNext())
    return reactions
  }

  /** Four keystrokes a model: a field comes, its name grows, its name shrinks, it goes. */
  private async typeNext(): Promise<Reaction> {
    const visit = Math.floor(this.turn / 4)
    // A stride without a common divisor visits the models in a scattered order, as jumping about in a file does.
    const line = this.idLines[(visit * 37) % this.idLines.length] ?? 0
    const nameEnd = `  ${FIELD}`.length
    const changes = [
      { range: rangeOf(line, 0, line, 0), text: `  ${FIELD} String?\n`, expected: FIELD },
      { range: rangeOf(line, nameEnd, line, nameEnd), text: 's', expected: `${FIELD}s` },
      { range: rangeOf(line, nameEnd, line, nameEnd + 1), text: '', expected: FIELD },
      { range: rangeOf(line, 0, line + 1, 0), text: '', expected: null },
    ] as const
    const change = changes[this.turn++ % changes.length] ?? changes[0]
    return await this.editor.edit(
      this.project.file,
      change,
      (diagnostics) => !this.waitsForFinding || missingField(diagnostics) === change.expected,
    )
  }
}

/** A schema with the one field that a first opening is to find wanting. */
export function withUnknownField(text: string, type: string): string {
  return text.replace('  id ', `  ${FIELD} ${type}\n  id `)
}

/** The typed field that our diagnostics say has no column, or null. */
export function missingField(diagnostics: readonly Diagnostic[]): string | null {
  const message = diagnostics.find((diagnostic) => diagnostic.code === 'column-missing')?.message
  return typeof message === 'string' ? (new RegExp(`\\b${FIELD}s?\\b`).exec(message)?.[0] ?? null) : null
}

const FIELD = 'nickname'

function rangeOf(startLine: number, startCharacter: number, endLine: number, endCharacter: number): Range {
  return {
    start: { line: startLine, character: startCharacter },
    end: { line: endLine, character: endCharacter },
  }
}
