import { errorCode } from './database-errors'
import { isHarmlessExpression } from './harmless-expression'
import { expressionPairKey, type ExpressionPair, type ExpressionSpelling } from './model-expressions'
import type { DatabaseClient } from './open-client'
import { SET_LOCAL_SEARCH_PATH } from './search-path'

/**
 * Asks PostgreSQL how it spells expressions, by EXPLAIN: nothing is executed, but constants are worked out and types
 * are brought in, so that `interval '1 week'` and `'7 days'::interval` come out alike. The search path is `pg_catalog`
 * alone and qualified names are not asked about, so no function, operator or type of a user's is found, let alone run.
 * It reads only, and works on a standby.
 */
export async function spellExpressions(
  client: DatabaseClient,
  pairs: readonly ExpressionPair[],
): Promise<Map<string, ExpressionSpelling>> {
  const spellings = new Map<string, ExpressionSpelling>(pairs.map((pair) => [expressionPairKey(pair), null]))
  const asked = pairs.filter(({ expressions }) => expressions.every(isHarmlessExpression)).slice(0, MOST_PAIRS)
  if (asked.length === 0) return spellings
  await client.query(OPENING)
  try {
    for (const pair of asked) spellings.set(expressionPairKey(pair), await spell(client, pair))
  } finally {
    // On a connection that broke there is nothing to undo, and the error that broke it is the one to tell.
    await client.query('ROLLBACK').catch(() => undefined)
  }
  return spellings
}

/** A schema has a few defaults that are not read otherwise; each costs a round trip. */
const MOST_PAIRS = 200

const OPENING = `
  BEGIN READ ONLY;
  ${SET_LOCAL_SEARCH_PATH};
  SET LOCAL standard_conforming_strings = on;
  SET LOCAL statement_timeout = 1000;
  SAVEPOINT question`

async function spell(client: DatabaseClient, { type, expressions }: ExpressionPair): Promise<ExpressionSpelling> {
  const values = expressions.map((expression) => (type === null ? `(${expression})` : `(${expression})::${type}`))
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': readonly Explained[] }>(
      `EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT ${values.join(', ')}`,
    )
    const [left, right] = rows[0]?.['QUERY PLAN'][0]?.Plan.Output ?? []
    return left === undefined || right === undefined ? null : [left, right]
  } catch (error) {
    if (errorCode(error)?.length !== 5) throw error
    await client.query('ROLLBACK TO SAVEPOINT question')
    return null
  }
}

interface Explained {
  readonly Plan: { readonly Output?: readonly string[] }
}
