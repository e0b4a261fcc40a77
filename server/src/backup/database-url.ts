/** The same URL to another database of the same server; null where it is none that can be changed so. */
export function urlOfDatabase(url: string, database: string): string | null {
  if (!URL.canParse(url)) return null
  const parsed = new URL(url)
  parsed.pathname = `/${encodeURIComponent(database)}`
  parsed.searchParams.delete('dbname')
  return parsed.href
}
