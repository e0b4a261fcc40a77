import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { withClient } from '../../database/connect'
import type { BackupReader, Inventory, InventoryEntry, ReadRequest, RestoreNotes, RestoreRequest } from '../backup-way'
import { portableStatements } from '../sql/portable-statements'
import { canonicalName } from '../sql/qualified-name'
import { dropSchemas, SETS_OWNER } from '../built-in/restore-plain-dump'
import { readExport } from './read-export'

/** For what `EXPORT_WAY` writes. */
export const EXPORT_READER: BackupReader = { format: 'export', tool: 'export by COPY', read, restore }

async function read({ path, signal }: ReadRequest): Promise<Inventory> {
  const entries: InventoryEntry[] = []
  const rows = new Map<string, number>()
  let table = ''
  await readExport(
    path,
    {
      sql: (text) => {
        for (const [, name = '', type = '', schema = ''] of text.matchAll(ENTRIES)) {
          entries.push({ name, type, schema: schema === '-' ? '' : schema })
        }
      },
      beginRows: (part) => {
        table = canonicalName(part.table)
        rows.set(table, 0)
      },
      rows: (lines) => {
        let count = 0
        for (let end = lines.indexOf(10); end !== -1; end = lines.indexOf(10, end + 1)) count++
        rows.set(table, (rows.get(table) ?? 0) + count)
      },
      endRows: () => undefined,
    },
    signal,
  )
  return { entries, rows }
}

const ENTRIES = /^-- Name: (.*); Type: ([A-Z ]+); Schema: (.*); Owner: /gm

async function restore(request: RestoreRequest): Promise<RestoreNotes> {
  const { path, url, environment, signal, force, withoutOwners } = request
  const warnings: string[] = []
  const options = { environment, ...(signal === undefined ? {} : { signal }) }
  return await withClient(url, options, async (client) => {
    client.on('notice', ({ severity, message }) => {
      if (severity === 'WARNING' && warnings.length < 100) warnings.push(message ?? '')
    })
    let target: ReturnType<typeof copyFrom> | null = null
    let isFirst = true
    await client.query('BEGIN')
    try {
      await readExport(
        path,
        {
          async sql(text) {
            if (force && isFirst) await dropSchemas(client, text)
            isFirst = false
            for (const statement of portableStatements(text)) {
              if (!withoutOwners || !SETS_OWNER.test(statement)) await client.query(statement)
            }
          },
          beginRows({ statement }) {
            target = client.query(copyFrom(statement))
            // Its error is met where it is waited for.
            target.on('error', () => undefined)
          },
          async rows(lines) {
            if (target === null) return
            if (target.errored !== null) throw target.errored
            if (!target.write(Buffer.from(lines))) await Promise.race([once(target, 'drain'), once(target, 'close')])
          },
          async endRows() {
            if (target === null) return
            target.end()
            await finished(target)
            target = null
          },
        },
        signal,
      )
      await client.query('COMMIT')
      return { warnings }
    } catch (error) {
      // A COPY that is under way would keep the ROLLBACK waiting for ever.
      await giveUp(target)
      await client.query('ROLLBACK').catch(() => undefined)
      throw error
    }
  })
}

async function giveUp(target: ReturnType<typeof copyFrom> | null): Promise<void> {
  if (target === null || target.destroyed) return
  target.destroy(new Error('The backup could not be read to its end.'))
  await finished(target).catch(() => undefined)
}
