import fs from 'node:fs'
import path from 'node:path'

/**
 * `pglite.data`, PGlite's files, with zeros instead of those that only initdb, which has already run, and compilers read. PGlite's
 * script contains their positions, so all others stay where they are.
 */
export function withoutInitdbFiles(folder) {
  const data = fs.readFileSync(path.join(folder, 'pglite.data'))
  const entries = entriesOf(folder)
  for (const pattern of LEFT_OUT) {
    const found = entries.filter(({ name }) => pattern.test(name))
    if (found.length === 0) throw new Error(`pglite.data has no file like ${pattern}.`)
    for (const { start, end } of found) data.fill(0, start, end)
  }
  return data
}

const LEFT_OUT = [
  /\/share\/postgresql\/postgres\.bki$/,
  /\/share\/postgresql\/(?:information_schema|snowball_create|system_constraints|system_functions|system_views)\.sql$/,
  /\/share\/postgresql\/(?:sql_features|errcodes)\.txt$/,
  /\/share\/postgresql\/(?:pg_hba|pg_ident|pg_service|postgresql)\.conf\.sample$/,
  /\/share\/postgresql\/psqlrc\.sample$/,
  // Conversions between encodings: PGlite hangs when it loads one, and reports an error if there is none. Its databases
  // are UTF-8.
  /\/lib\/postgresql\/\w+_(?:and_\w+|sjis2004|win1250)\.so$/,
  // For replication, which PGlite does not have.
  /\/lib\/postgresql\/(?:libpqwalreceiver|pgoutput)\.so$/,
  // For building extensions.
  /\/lib\/postgresql\/pgxs\//,
]

/** `{ name, start, end }`, as the script that loads the file has them. */
function entriesOf(folder) {
  const scripts = fs.readdirSync(folder).filter((name) => name.endsWith('.js'))
  const text = scripts.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('\n')
  const found = [...text.matchAll(/filename:"([^"]+)",start:([\de.]+),end:([\de.]+)/g)]
  return found.map(([, name, start, end]) => ({ name, start: Number(start), end: Number(end) }))
}
