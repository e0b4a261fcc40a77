/**
 * A plain dump, made harmless for servers older than the pg_dump that wrote it: without settings that the older do not know,
 * without psql's own commands, and without the comments that name versions, which differ from server to server. Only the
 * lines before the first object are looked at, since anything later may be data.
 */
export function withoutForeignSettings(dump: string): string {
  const lines = dump.split('\n')
  const firstObject = lines.findIndex((line) => line.startsWith('-- Name: ') || line.startsWith('-- Data for Name: '))
  const end = firstObject === -1 ? lines.length : firstObject
  const kept = lines.slice(0, end).filter((line) => !FOREIGN.test(line))
  return [...kept, ...lines.slice(end)].join('\n')
}

const FOREIGN = /^(?:SET transaction_timeout |\\(?:un)?restrict |-- Dumped (?:from|by) )/
