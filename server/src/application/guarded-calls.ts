import { askSource } from './ask-source'
import { isTestPath } from './place-evidence'
import { useOfResult } from './result-use'
import { isForAdministrators } from './selects/guards'
import { isCall, memberOf, unwrap, type SourceTree } from './syntax'

/**
 * Which methods of services only administrators reach: `UsersService.findAll`, whose result a controller in the same
 * folder returns (`this.users.findAll()`) where `@Roles('ADMIN')` is on its method or class. Every call in the
 * workspace has to be like that. Files are parsed when such a method is asked for.
 */
export class GuardedCalls {
  private readonly callers = new Map<string, Caller>()
  private readonly callersOf = new Map<string, Map<string, Caller>>()

  /** `read` returns null for a file that cannot be read: of most files, the text is needed only once. */
  constructor(private readonly read: (path: string) => string | null) {}

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    this.remove(path)
    if (!text.includes('Service') || isTestPath(shown)) return
    const calls = new Set(callsIn(text))
    if (calls.size === 0) return
    const caller: Caller = { calls, guarded: new Map() }
    this.callers.set(path, caller)
    for (const call of calls) {
      const known = this.callersOf.get(call)
      if (known === undefined) this.callersOf.set(call, new Map([[path, caller]]))
      else known.set(path, caller)
    }
  }

  remove(path: string): void {
    for (const call of this.callers.get(path)?.calls ?? []) this.callersOf.get(call)?.delete(path)
    this.callers.delete(path)
  }

  /** `method` is `UsersService.findAll`, of the file with this path. */
  areForAdministrators(path: string, method: string): boolean {
    const callers = [...(this.callersOf.get(method) ?? [])]
    if (callers.length > MOST_CALLERS || !callers.some(([each]) => folderOf(each) === folderOf(path))) return false
    return callers.every(([each, caller]) => {
      const guarded = caller.guarded.get(method) ?? askSource(each, this.read(each), (tree) => isGuarded(tree, method))
      caller.guarded.set(method, guarded)
      return guarded
    })
  }
}

interface Caller {
  readonly calls: ReadonlySet<string>
  /** By call, as far as asked. */
  readonly guarded: Map<string, boolean>
}

/** What more files call is for everyone. */
const MOST_CALLERS = 8

/** `UsersService.findAll` for each call of it, as far as types or names tell. */
function callsIn(text: string): string[] {
  const types = new Map([...text.matchAll(TYPED)].map(([, name = '', type = '']) => [name, type]))
  return [...text.matchAll(CALL)].flatMap(([, name = '', method = '']) => callOf(types, name, method) ?? [])
}

function callOf(types: ReadonlyMap<string, string>, name: string, method: string): string | null {
  const named = /service$/i.test(name) ? name.replace(/^_?./, (first) => first.toUpperCase()) : null
  const type = types.get(name) ?? named
  return type === null ? null : `${type}.${method}`
}

/** `users: UsersService` */
const TYPED = /\b(\w{1,60})[!?]?\s{0,9}:\s{0,9}(\w{1,60}Service)\b/g

/** `this.users.findAll(`, `usersService?.findAll(` */
const CALL = /\b(\w{1,60})[!?]?\.(\w{1,60})\(/g

function isGuarded(tree: SourceTree, method: string): boolean {
  const { text } = tree
  const types = new Map([...text.matchAll(TYPED)].map(([, name = '', type = '']) => [name, type]))
  const calls = tree.nodes.filter(isCall).filter(({ callee }) => {
    const called = memberOf(callee)
    const object = called === null ? null : unwrap(called.object)
    if (called === null || object === null) return false
    const name = memberOf(object)?.name ?? (object.type === 'Identifier' ? object.name : '')
    return callOf(types, name, called.name) === method
  })
  return (
    calls.length === callsIn(text).filter((each) => each === method).length &&
    calls.every((call) => /^(?:returned|shown)$/.test(useOfResult(tree, call)) && isForAdministrators(tree, call))
  )
}

function folderOf(path: string): string {
  return path.replace(/[^\\/]*$/, '')
}
