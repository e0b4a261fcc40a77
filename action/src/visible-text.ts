/**
 * Text of a repository or a database for the runner's log, an annotation or a comment: line breaks stay, everything else that a
 * terminal obeys or nobody sees gets a name (`\u{1b}`), `##[` is no command of the runner, and the length is limited. The same as
 * `visible` of the command line, whose JSON is exact.
 */
export function visible(foreign: string): string {
  const cut =
    foreign.length <= LONGEST ? foreign : `${foreign.slice(0, LONGEST)}… (${foreign.length - LONGEST} more characters)`
  return cut
    .replace(OBEYED, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(COMMAND, '# #')
}

/** UTF-16 units: a message that holds the definition of a constraint, and room for more. */
const LONGEST = 4000

const OBEYED = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu

/** Of GitHub's runner, anywhere in a line, and of other systems that read the log. */
const COMMAND = /##(?=\w*\[)/g
