import { isLoggedIn } from './row-evidence'

/**
 * Who calls the methods of services, by text alone: `this.usersService.findOne(req.user.id)`. A method that is only
 * called for the logged-in user reads that user's own record.
 */
export class Callers {
  private readonly byFile = new Map<string, readonly Call[]>()

  update(path: string, text: string): void {
    const calls = callsIn(text)
    if (calls.length > 0) this.byFile.set(path, calls)
    else this.byFile.delete(path)
  }

  remove(path: string): void {
    this.byFile.delete(path)
  }

  /** The methods (`usersservice.findone`) that are called, and only for the logged-in user. */
  onlyForOneself(): ReadonlySet<string> {
    const calls = [...this.byFile.values()].flat()
    const others = new Set(calls.filter(({ isForOneself }) => !isForOneself).map(({ method }) => method))
    return new Set(calls.flatMap(({ method, isForOneself }) => (isForOneself && !others.has(method) ? [method] : [])))
  }
}

interface Call {
  readonly method: string
  readonly isForOneself: boolean
}

const CALL = /\b(\w*(?:[sS]ervice|[rR]epository))[!?]?\.(\w+)\(([^()]*)/g

function callsIn(text: string): readonly Call[] {
  if (!/(?:[sS]ervice|[rR]epository)[!?]?\./.test(text)) return []
  return [...text.matchAll(CALL)].map(([, service = '', method = '', given = '']) => ({
    method: `${service}.${method}`.toLowerCase(),
    isForOneself: isLoggedIn(given) || (/^\s*(?:\w*[uU]serId|user)\s*$/.test(given) && OF_REQUEST.test(text)),
  }))
}

/** A parameter to which NestJS passes the user of the request: `@CurrentUser() user`, `@GetUser('id') userId`. */
const OF_REQUEST = /@(?:Current|Get|Auth|Req)?User\(/
