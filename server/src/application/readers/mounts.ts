import type { Address } from './addresses'
import { escaped, lastOf } from './references-elsewhere'

/** Without what every address may begin with. */
export function prefixOf(text: string): Address {
  return text.split('/').filter((part) => part !== '' && !/^(?:api|v\d+)$/.test(part))
}

/** The name by which other files import a file: `admin` of `routes/admin.routes.ts`, the folder of an index. */
export function headOf(path: string): string {
  return lastOf(path).split('.')[0] ?? ''
}

/** Where a router is put: `use('/admin', routes)`, `register(routes, { prefix: '/admin' })`. */
export function mountsOf(local: string): RegExp[] {
  const name = escaped(local)
  return [
    new RegExp(
      String.raw`\b(?:use|route)\(\s*['"\x60]([^'"\x60\n]*)['"\x60](?:(?!\b(?:use|register|get|post)\()[^;]){0,300}?\b${name}\b`,
    ),
    new RegExp(String.raw`\b${name}\b[^;]{0,100}?prefix:\s*['"\x60]([^'"\x60\n]*)['"\x60]`),
  ]
}
