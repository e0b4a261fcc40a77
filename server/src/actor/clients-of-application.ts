import path from 'node:path'
import { isAside, type ClientPlace } from './search-application'

/**
 * The clients next to which the module may go, in the same order. Nobody keeps a module of the application in a folder
 * of seeds, scripts or tests. Files that export nothing, and `prisma/` with the schema, only come where there is no
 * other.
 */
export function clientsOfApplication(clients: readonly ClientPlace[], place: Place): readonly ClientPlace[] {
  const own = clients.filter(({ file }) => !isAside(path.relative(place.root, file)))
  const [first = []] = [
    own.filter((client) => !client.isScript && !isBesideSchema(client, place)),
    own.filter((client) => !isBesideSchema(client, place)),
    own,
  ].filter((each) => each.length > 0)
  return first
}

/** Absolute paths. */
interface Place {
  /** The folder of the application's code. */
  readonly root: string
  readonly schemaPath: string
  /** The folders with a package.json. */
  readonly packages: readonly string[]
}

/** In `prisma/` with the schema, unless that is a package of its own. A folder of sources has another name. */
function isBesideSchema({ file }: ClientPlace, { root, schemaPath, packages }: Place): boolean {
  const folders = path.dirname(path.relative(root, schemaPath)).split(path.sep)
  const index = folders.lastIndexOf('prisma')
  const folder = path.join(root, ...folders.slice(0, index + 1))
  return index !== -1 && !packages.includes(folder) && file.startsWith(folder + path.sep)
}
