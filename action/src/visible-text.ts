/**
 * Text of a repository or a database for the runner's log, an annotation or a comment: line breaks stay, everything
 * else that a terminal obeys or nobody sees gets a name (`\u{1b}`), `##[` is no command of the runner, and the length
 * is limited. The same as
 * `visible` of the command line, whose JSON is exact (`unit/action/visible-text` compares them).
 */
export function visible(foreign: string): string {
  return cut(foreign).replace(OBEYED, nameOf).replace(COMMAND, '# #')
}

function cut(foreign: string): string {
  if (foreign.length <= LONGEST) return foreign
  // Not within a character.
  const end = /[\ud800-\udbff]/.test(foreign.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST
  return `${foreign.slice(0, end)}… (${(foreign.length - end).toLocaleString('en')} more characters)`
}

function nameOf(character: string): string {
  return character === '\r' ? '\\r' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/** UTF-16 units: a message that holds the definition of a constraint, and room for more. */
const LONGEST = 4000

const OBEYED = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu

/** Of GitHub's runner, anywhere in a line, and of other systems that read the log. */
const COMMAND = /##(?=\w*\[)/g
