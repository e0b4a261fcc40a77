import type { FileFacts } from '../facts'
import type { FindModule } from '../module-paths'
import type { ObjectLiteral, Value } from '../object-literal'

/** An object literal and its file. */
export interface FoundObject {
  readonly file: FileFacts
  readonly object: ObjectLiteral
}

export interface Resolved {
  readonly objects: readonly FoundObject[]
  /** False if a part is computed in a way that cannot be followed. */
  readonly isComplete: boolean
}

/** Follows names to object literals, through the constants of a file and through imports of workspace files. */
export type Resolve = (value: Value, file: FileFacts) => Resolved

/** `factsOf` reads a file when a name first leads to it; null for a path that is not a workspace file. */
export function moduleLookup(find: FindModule, factsOf: (path: string) => FileFacts | null): Resolve {
  let followed = 0

  function fileOf(from: string, importer: string): FileFacts | null {
    const path = find(from, importer)
    return path === null ? null : factsOf(path)
  }

  function exported(file: FileFacts, name: string, kind: 'constants' | 'functions', depth: number): Resolved {
    if (depth <= 0 || ++followed > MOST_FOLLOWED) return UNKNOWN
    const found = file.exports.get(name)
    if (found !== undefined) {
      if ('local' in found) return named(file, found.local, kind, depth)
      const target = fileOf(found.from, file.path)
      return target === null ? UNKNOWN : exported(target, found.name, kind, depth - 1)
    }
    for (const from of file.starExports) {
      const target = fileOf(from, file.path)
      const resolved = target === null ? UNKNOWN : exported(target, name, kind, depth - 1)
      if (resolved.isComplete) return resolved
    }
    return UNKNOWN
  }

  function named(file: FileFacts, name: string, kind: 'constants' | 'functions', depth: number): Resolved {
    if (depth <= 0 || ++followed > MOST_FOLLOWED) return UNKNOWN
    const local = file[kind].get(name)
    if (local !== undefined) return resolve(local, file, depth - 1)
    const imported = file.imports.get(name)
    const target = imported === undefined ? null : fileOf(imported.from, file.path)
    return imported === undefined || target === null ? UNKNOWN : exported(target, imported.name, kind, depth - 1)
  }

  function resolve(value: Value, file: FileFacts, depth: number): Resolved {
    switch (value.kind) {
      case 'object':
        return { objects: [{ file, object: value.object }], isComplete: true }
      case 'name':
        return named(file, value.name, 'constants', depth)
      case 'called':
        return named(file, value.name, 'functions', depth)
      case 'either':
        return together(value.values.map((each) => resolve(each, file, depth)))
      case 'member': {
        const space = value.of.kind === 'name' ? file.imports.get(value.of.name) : undefined
        if (space?.name === '*') {
          const target = fileOf(space.from, file.path)
          return target === null ? UNKNOWN : exported(target, value.name, 'constants', depth - 1)
        }
        const of = resolve(value.of, file, depth)
        const members = of.objects.map(({ file: holder, object }) => {
          const member = object.members.get(value.name)
          return member === undefined || depth <= 0 ? UNKNOWN : resolve(member.value, holder, depth - 1)
        })
        return of.isComplete && members.length > 0 ? together(members) : UNKNOWN
      }
      case 'unknown':
        return UNKNOWN
      case 'true':
      case 'false':
      case 'nothing':
        return { objects: [], isComplete: true }
    }
  }

  return (value, file) => {
    followed = 0
    return resolve(value, file, DEEPEST)
  }
}

function together(all: readonly Resolved[]): Resolved {
  return { objects: all.flatMap(({ objects }) => objects), isComplete: all.every(({ isComplete }) => isComplete) }
}

export const UNKNOWN: Resolved = { objects: [], isComplete: false }

/** The longest chain of names that is followed. */
const DEEPEST = 8

/** Names in all alternatives together, each of which may have as many again. */
const MOST_FOLLOWED = 1000
