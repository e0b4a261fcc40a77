import path from 'node:path'
import { readTextIfFit } from '../files/bounded-files'
import {
  isWritable,
  requireReplaceable,
  resolveWritable,
  writableFolders,
  type WritableFolders,
} from '../files/written-paths'
import { isInside, shownPath } from '../platform/inside'

/** Where a project's files are searched, where it may write, and how its paths are shown. */
export class ProjectPaths {
  constructor(
    readonly root: string,
    /** The opened folder; paths are shown relative to it. */
    private readonly displayRoot: string,
    /** The base of shown paths; null: the opened folder. */
    private readonly shownFrom: string | null = null,
  ) {}

  /**
   * The name of the project for people: its folder relative to the opened one, or that folder's name. Never `prisma/`
   * itself.
   */
  get name(): string {
    const relative = path.relative(this.displayRoot, this.root)
    if (relative === 'prisma') return path.basename(this.displayRoot)
    const isBelow = relative !== '' && isInside(this.displayRoot, this.root)
    return isBelow ? relative.split(path.sep).join('/') : path.basename(this.root)
  }

  /** The root of the search for Prisma's package, its configuration and migrations: the opened folder. */
  get codeRoot(): string {
    return isInside(this.displayRoot, this.root) ? this.displayRoot : this.root
  }

  /**
   * The root of the search for the application's code: the opened folder. If the schema is in another package of a
   * monorepo, all of the monorepo: its other packages use that schema, too.
   */
  get applicationRoot(): string {
    return isInside(this.displayRoot, this.root) ? this.displayRoot : (this.monorepoAround() ?? this.root)
  }

  /** The folder of the monorepo with the schema and the opened folder, if both are in one Git repository. */
  private monorepoAround(): string | null {
    for (let folder = path.dirname(this.root); this.mayWrite([folder]); folder = path.dirname(folder)) {
      if (isInside(folder, this.displayRoot) && isMonorepo(folder)) return folder
    }
    return null
  }

  /** Everything that the project writes is in these folders, regardless of links and settings. */
  get writableFolders(): WritableFolders {
    return writableFolders(this.root, this.displayRoot)
  }

  /** Throws `path-outside-project` if one of the files resolves to another place, before anything is changed. */
  requireWritable(files: readonly string[]): void {
    for (const file of new Set(files)) this.resolveWritable(file)
  }

  /** The same for files that will be replaced; also throws `file-not-writable`. */
  requireReplaceable(files: readonly string[]): void {
    for (const file of new Set(files)) requireReplaceable(this.resolveWritable(file))
  }

  /** The resolved path. Throws `path-outside-project`. */
  resolveWritable(file: string): string {
    return resolveWritable(file, this.writableFolders)
  }

  /** For offers that are only made if the path could be written. */
  mayWrite(files: readonly string[]): boolean {
    return files.every((file) => isWritable(file, this.writableFolders))
  }

  display(file: string): string {
    return shownPath(this.shownFrom ?? this.displayRoot, file)
  }
}

/** As npm, Yarn, Bun and pnpm declare the packages of a monorepo. */
function isMonorepo(folder: string): boolean {
  const declared = readTextIfFit(path.join(folder, 'package.json')) ?? ''
  return /"workspaces"\s*:/.test(declared) || readTextIfFit(path.join(folder, 'pnpm-workspace.yaml')) !== null
}
