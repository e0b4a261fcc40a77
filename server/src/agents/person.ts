import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { Question } from '../commands/interaction'
import { AuditError } from '../errors'
import { boundedList } from '../text/bounded-list'
import { lineOf, textOf, visible } from '../text/safe-text'
import type { Subject } from './agent-interaction'
import { untranslated } from '../text/phrase'

/**
 * Asks the person in front of the client through MCP's elicitation, which no model can answer through us, to type the
 * database's name. Null if the person declined. Throws `no-one-to-ask` if the client does not support it, and
 * `database-name-differs`.
 */
export async function askPerson(
  server: McpServer['server'],
  question: Question,
  { database }: Subject,
  signal: AbortSignal,
): Promise<string | null> {
  if (server.getClientCapabilities()?.elicitation === undefined) throw nobodyToAsk(question)
  const { choices } = question
  const requestedSchema = {
    type: 'object' as const,
    properties: {
      ...(choices.length > 1
        ? { choice: { type: 'string' as const, title: 'What to do', enum: choices.map(({ label }) => label) } }
        : {}),
      database: { type: 'string' as const, title: 'Database', description: lineOf(`Type ${database} to confirm.`) },
    },
    required: [...(choices.length > 1 ? ['choice'] : []), 'database'],
  }
  const message = visible(
    [
      'An agent requested this. Confirm only if you want it.',
      '',
      textOf([question.message, ...boundedList(question.detail, MOST_LINES, 'lines')]),
    ].join('\n'),
  )
  const { action, content } = await server.elicitInput({ message, requestedSchema }, { signal, timeout: LONGEST_WAIT })
  if (action !== 'accept') return null
  if (content?.database !== database) throw databaseNameDiffers(database)
  const chosen = choices.length > 1 ? choices.find(({ label }) => label === content.choice) : choices[0]
  return chosen?.id ?? null
}

/** Below the question: a client shows it in a dialog. */
const MOST_LINES = 20

/** Milliseconds for the answer. */
const LONGEST_WAIT = 60 * 60_000

function nobodyToAsk(question: Question): AuditError {
  return new AuditError('no-one-to-ask', {
    what: untranslated`A person must confirm this, but this client cannot ask one.`,
    why: untranslated`It does not support elicitation, so the question was not asked: ${question.message}`,
    nextStep: untranslated`A person can run prisma-audit migrate or prisma-audit rollback in a terminal, or the command in VS Code.`,
  })
}

function databaseNameDiffers(database: string): AuditError {
  return new AuditError('database-name-differs', {
    what: untranslated`Nothing was changed: the typed name is not the name of the database.`,
    why: untranslated`The database is called ${database}.`,
    nextStep: untranslated`Ask again only if the person wants it.`,
  })
}
