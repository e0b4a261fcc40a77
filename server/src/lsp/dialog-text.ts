import type { ConfirmParameters } from '../../../protocol/src/index'
import type { Question } from '../commands/interaction'
import type { Translate } from '../text/translate'

/**
 * Fits a question into a dialog: at most five lines, however long it is, so that the database's name and the buttons
 * stay on the screen. `isCut` says that something was omitted, so that the caller can show the whole text elsewhere.
 */
export function dialogOf(
  t: Translate,
  { message, detail, choices, isList }: Pick<Question, 'message' | 'detail' | 'choices' | 'isList'>,
  lineFor: (foreign: string) => string,
): ConfirmParameters & { readonly isCut: boolean } {
  const lines = withinDialog(t, detail)
  const shown = [message, ...lines].map((line) => cut(lineFor(line)))
  return {
    message: shown[0] ?? '',
    detail: shown.slice(1).join('\n'),
    choices: choices.map((choice) => ({ ...choice, label: cut(lineFor(choice.label)) })),
    ...(isList === undefined ? {} : { isList }),
    isCut: lines !== detail || [message, ...detail].some((line) => lineFor(line).length > MOST_CHARACTERS),
  }
}

/** Lines below the message. */
const MOST_LINES = 4

/** Characters per line: two lines of VS Code's dialog. */
const MOST_CHARACTERS = 160

function withinDialog(t: Translate, lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines
  const shown = lines.slice(0, MOST_LINES - 1)
  return [...shown, t('… and {0} more lines in the output', lines.length - shown.length)]
}

function cut(line: string): string {
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1).trimEnd()}…`
}
