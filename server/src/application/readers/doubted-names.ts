import type { AskedWorkspace } from './asked-workspace'
import { decodingIn } from './decoding-names'
import { hasRoleWord } from '../role-words'

/** What a file names as if it asked for a role, whose own code in the workspace does not: a name is no proof then. */
export function doubtedIn(workspace: AskedWorkspace, path: string, depth = 2): ReadonlySet<string> {
  const known = KNOWN.get(workspace) ?? new Map<string, ReadonlySet<string>>()
  KNOWN.set(workspace, known)
  const key = `${String(depth)} ${path}`
  const doubted = known.get(key) ?? doubtedNames(workspace, path, depth)
  known.set(key, doubted)
  return doubted
}

/** For one search, in which no file changes. */
const KNOWN = new WeakMap<AskedWorkspace, Map<string, ReadonlySet<string>>>()

function doubtedNames(workspace: AskedWorkspace, path: string, depth: number): ReadonlySet<string> {
  const questions = workspace.ask(path)
  const doubted = new Set<string>()
  // What decorators do, which write something down for a guard, is not seen in their code.
  const decorators = questions.decorators()
  for (const { local, name, from } of questions.importsOf()) {
    if (!hasRoleWord(local) || decorators.includes(local)) continue
    if (isKnownToAskNothing(workspace, path, { name, from }, depth)) doubted.add(local)
  }
  for (const name of decodingIn(workspace, path)) doubted.add(name)
  const own = questions.namedGuards().filter((each) => !decorators.includes(each))
  // The code of one may call another.
  for (let found = -1; found !== doubted.size;) {
    found = doubted.size
    for (const name of own) if (questions.asksNothing(name, doubted)) doubted.add(name)
  }
  for (const name of heldByOthers(workspace, path)) doubted.add(name)
  const roles = decorators.filter((each) => /Roles?$/.test(each))
  if (roles.length > 0 && !areRolesRead(workspace, path)) for (const each of roles) doubted.add(each)
  return doubted
}

function isKnownToAskNothing(
  workspace: AskedWorkspace,
  path: string,
  { name, from }: { readonly name: string; readonly from: string },
  depth: number,
): boolean {
  const found = workspace.find(from, path)
  // An index exports what other files declare.
  const near = found !== null && workspace.ask(found).declares(name) ? [found] : []
  const homes = near.length > 0 ? near : workspace.filesWith(name).filter((each) => workspace.ask(each).declares(name))
  return (
    homes.length > 0 &&
    homes.every((each) => {
      const others = depth > 0 ? doubtedIn(workspace, each, depth - 1) : NONE
      return workspace.ask(each).asksNothing(name, others)
    })
  )
}

const NONE: ReadonlySet<string> = new Set()

/** The names by which a file asks for a permission that people have who are no staff: `requirePermission('orders:view')`. */
function heldByOthers(workspace: AskedWorkspace, path: string): string[] {
  const asked = workspace.ask(path).permissionsAsked()
  if (asked.length === 0) return []
  const tables = [...new Set(ROLE_TABLES.flatMap((word) => workspace.filesWith(word)))]
  const roles = tables
    .filter((each) => workspace.ask(each).matches('gives permissions', () => GIVES_PERMISSIONS))
    .flatMap((each) => workspace.ask(each).permissionsOfOthers())
  return asked.flatMap(({ name, permissions }) => {
    const isHeld = roles.some((held) => permissions.every((each) => held.includes(each)))
    return isHeld ? name : []
  })
}

/** A word of each file that may say which role has which permission. */
const ROLE_TABLES = [
  'newRole',
  'permissions',
  'Permissions',
  'PERMISSIONS',
  'Permission',
  'ROLE_PERMISSIONS',
  'rolePermissions',
  'RolePermissions',
]

const GIVES_PERMISSIONS =
  /\b(?:customer|client|member|guest|student|buyer|tenant|user|seller|vendor|patient|parent|driver|candidate|subscriber|resident)['"\]]{0,2}\s{0,9}[:=]\s{0,9}(?:\w{1,40}\.)?(?:newRole\(|[[{])/i

/** Whether a guard reads the roles that `@Roles('ADMIN')` only writes down: here, or for all of the program. */
function areRolesRead(workspace: AskedWorkspace, path: string): boolean {
  const reads = (file: string) =>
    workspace.ask(file).matches('reads roles', () => /^(?=[^]*reflector)(?=[^]*role)|UseGuards\([^)]{0,200}role/i)
  const guards = (file: string, pattern: RegExp) =>
    workspace.ask(file).matches(`guards ${pattern.source}`, () => pattern) ||
    workspace.importedBy(file, (local) => /Guard$|Roles?$/.test(local)).some(reads)
  const everywhere = ['APP_GUARD', 'useGlobalGuards'].flatMap((word) => workspace.filesWith(word))
  return guards(path, GUARDS_HERE) || everywhere.some((each) => guards(each, GUARDS_ALL))
}

const GUARDS_HERE = /@UseGuards\([^)]{0,200}(?:role|permission|admin|staff|acl|access|authori[sz]|polic)/i
const GUARDS_ALL =
  /(?:APP_GUARD,\s{0,20}use\w{1,20}:\s{0,9}|useGlobalGuards\([^)]{0,200})\w{0,40}(?:role|permission|acl|access|authori[sz]|polic)/i
