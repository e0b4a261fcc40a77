import type { AskedWorkspace } from './asked-workspace'
import { DECODING_WORDS, mayDecode } from './unverified'

/** What a file gets from the rest of the workspace that is decoded and not verified, as `Unverified` names it. */
export function decodingIn(workspace: AskedWorkspace, path: string): ReadonlySet<string> {
  const decoding = decodingFiles(workspace)
  if (decoding.length === 0) return NONE
  return new Set([...decodingOf(workspace, path, DEEPEST), ...membersIn(workspace, decoding)])
}

/** For one search, in which no file changes. */
const FILES = new WeakMap<AskedWorkspace, readonly string[]>()
const NAMES = new WeakMap<AskedWorkspace, Map<string, ReadonlySet<string>>>()
const MEMBERS = new WeakMap<AskedWorkspace, readonly string[]>()

function decodingFiles(workspace: AskedWorkspace): readonly string[] {
  const known = FILES.get(workspace)
  if (known !== undefined) return known
  const files = [...new Set(DECODING_WORDS.flatMap((word) => workspace.filesWith(word)))]
  const decoding = files.filter((path) => workspace.ask(path).says('may decode', mayDecode))
  FILES.set(workspace, decoding)
  return decoding
}

/** The functions that a file imports, by the names that it calls them. */
function decodingOf(workspace: AskedWorkspace, path: string, depth: number): ReadonlySet<string> {
  if (depth === 0) return NONE
  const known = NAMES.get(workspace) ?? new Map<string, ReadonlySet<string>>()
  NAMES.set(workspace, known)
  const key = `${String(depth)} ${path}`
  const names = known.get(key) ?? namesDecoded(workspace, path, depth)
  known.set(key, names)
  return names
}

function namesDecoded(workspace: AskedWorkspace, path: string, depth: number): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { local, name, from } of workspace.ask(path).importsOf()) {
    for (const home of homesOf(workspace, path, { name, from })) {
      const isAsked = OF_PEOPLE.test(`${local} ${from}`) || workspace.ask(home).says('may decode', mayDecode)
      const names = isAsked ? workspace.ask(home).decodingNames(decodingOf(workspace, home, depth - 1)) : []
      for (const each of names) if (each.endsWith('()') && !OF_ANYTHING.test(each)) found.add(each)
      if (names.includes(`${name}()`)) found.add(`${local}()`)
    }
  }
  return found
}

function homesOf(
  workspace: AskedWorkspace,
  path: string,
  { name, from }: { readonly name: string; readonly from: string },
): readonly string[] {
  const found = workspace.find(from, path)
  if (found === null) return []
  // An index exports what other files declare.
  if (workspace.ask(found).declares(name) || !/\bindex\.\w+$/.test(found)) return [found]
  return workspace.filesWith(name).filter((each) => workspace.ask(each).declares(name))
}

/** `.user` where all code that sets it only decodes. */
function membersIn(workspace: AskedWorkspace, decoding: readonly string[]): readonly string[] {
  const known = MEMBERS.get(workspace)
  if (known !== undefined) return known
  const names = decoding.flatMap((path) => workspace.ask(path).decodingNames(decodingOf(workspace, path, DEEPEST)))
  const called = names.flatMap((each) => (each.endsWith('()') && !OF_ANYTHING.test(each) ? each.slice(0, -2) : []))
  const callers = [...new Set(called.flatMap((each) => workspace.filesWith(each).slice(0, MOST_CALLERS)))]
  const set = callers.flatMap((path) => workspace.ask(path).decodingNames(decodingOf(workspace, path, DEEPEST)))
  const members = [...new Set([...names, ...set])].filter((each) => each.startsWith('.'))
  const verifying = ['verify', 'jwtVerify'].flatMap((word) => workspace.filesWith(word))
  const kept = members.filter((member) => {
    const isSet = new RegExp(String.raw`\b(?:req|request|ctx|context|c)\${member}\s{0,9}=(?!=)`)
    return !verifying.some((path) => workspace.ask(path).matches(`sets ${member}`, () => isSet))
  })
  MEMBERS.set(workspace, kept)
  return kept
}

/** The code that says who somebody is. */
const OF_PEOPLE =
  /auth|session|user|token|jwt|admin|staff|guard|current|role|access|claim|identity|permission|protect|secur|verif|decod/i

/** Names by which a program calls many things. */
const OF_ANYTHING =
  /^(?:get|set|parse|read|find|load|run|call|handle|handler|default|execute|use|GET|POST|PUT|PATCH|DELETE)\(\)$/

const DEEPEST = 3
const MOST_CALLERS = 25
const NONE: ReadonlySet<string> = new Set()
