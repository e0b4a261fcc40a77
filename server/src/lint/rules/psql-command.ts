import type { LintRule } from '../context'
import { phrase } from '../../text/phrase'

export const psqlCommand: LintRule = {
  code: 'psql-command',
  check({ statement: { node, commands }, options, script }) {
    if (options.runner !== 'prisma') return []
    const readsInput =
      node !== null &&
      'CopyStmt' in node &&
      node.CopyStmt.is_from === true &&
      node.CopyStmt.is_program !== true &&
      node.CopyStmt.filename === undefined
    if (readsInput) {
      return [
        {
          severity: 'error',
          message: phrase`Only psql sends the rows of COPY … FROM STDIN. Prisma sends the file to the server, so the migration fails.`,
          advice: phrase`Use INSERT.`,
        },
      ]
    }
    return commands.map((span) => ({
      severity: 'error',
      message: phrase`${commandName(script.text.slice(span.start, span.end))} is a command of psql. Prisma sends the file to the server, which rejects it.`,
      advice: phrase`Remove it, or use SQL instead.`,
      span,
    }))
  },
}

/** `\connect` of `\connect my database`. */
function commandName(command: string): string {
  return /^\\\S*/.exec(command)?.[0] ?? command
}
