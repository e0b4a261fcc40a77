import path from 'node:path'

/**
 * The files whose router another file mounts below a path for administrators: `app.use('/admin/users', users)` with
 * `import { users } from './users'`. Their own paths do not say who calls them. Judged by text alone.
 */
export class MountedRouters {
  /** Without extensions, by the file that mounts them. */
  private readonly mountedBy = new Map<string, readonly string[]>()

  update(file: string, text: string): void {
    this.mountedBy.delete(file)
    if (!MAY_MOUNT.test(text)) return
    const names = new Set([...text.matchAll(MOUNT)].flatMap(([, given = '']) => given.match(/\w+/g) ?? []))
    const mounted = [...text.matchAll(IMPORT)].flatMap(([, clause = '', from, constant = '', required]) => {
      const isMounted = (`${clause} ${constant}`.match(/\w+/g) ?? []).some((name) => names.has(name))
      return isMounted ? [path.join(path.dirname(file), from ?? required ?? '').replace(EXTENSION, '')] : []
    })
    if (mounted.length > 0) this.mountedBy.set(file, mounted)
  }

  remove(file: string): void {
    this.mountedBy.delete(file)
  }

  isMounted(file: string): boolean {
    const name = file.replace(EXTENSION, '')
    const folder = name.replace(/[\\/]index$/, '')
    return [...this.mountedBy.values()].some((mounted) => mounted.includes(name) || mounted.includes(folder))
  }
}

const EXTENSION = /\.[cm]?[jt]sx?$/

// Each part is bounded, so that no text is read again and again from many beginnings.
const MAY_MOUNT = /\.(?:use|route|register)\s{0,20}\([^)]{0,200}\badmin/

/** What follows the path: `requireLogin, users`. */
const MOUNT =
  /\.(?:use|route|register)\s{0,20}\(\s{0,20}['"`][^'"`]{0,200}\badmin\b[^'"`]{0,200}['"`]\s{0,20},([^;]{0,200}?)\)/g

const IMPORT =
  /\bimport\s([^'";]{1,1000}?)\sfrom\s{0,20}['"](\.[^'"\n]{1,200})['"]|\bconst\s{1,20}([\w{}\s,:]{1,200}?)\s{0,20}=\s{0,20}require\(\s{0,20}['"](\.[^'"\n]{1,200})['"]/g
