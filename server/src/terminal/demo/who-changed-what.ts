import { updatedAt } from '../../audit-fields/updated-at'
import { updatedBy } from '../../audit-fields/updated-by'
import { withClient } from '../../database/connect'
import { quoteIdentifier } from '../../database/quote'

/**
 * The users of the sample whom somebody changed, one per line: `Bram Okafor was changed by Ada Reyes at 2026-11-30
 * 05:40:01.`
 */
export async function whoChangedWhat(url: string, signal: AbortSignal): Promise<readonly string[]> {
  const by = quoteIdentifier(updatedBy.name)
  const at = quoteIdentifier(updatedAt.name)
  return await withClient(url, { signal }, async (client) => {
    const { rows } = await client.query<{ line: string }>(
      `SELECT pg_catalog.concat(changed.name, ' was changed by ', editor.name, ' at ',
                pg_catalog.to_char(changed.${at}, 'YYYY-MM-DD HH24:MI:SS'), '.') AS line
       FROM public."User" AS changed JOIN public."User" AS editor ON editor.id OPERATOR(pg_catalog.=) changed.${by}
       ORDER BY changed.id`,
    )
    return rows.map(({ line }) => line)
  })
}
