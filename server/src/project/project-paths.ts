import path from 'node:path'
import { isWritable, resolveWritable, writableFolders, type WritableFolders } from '../files/written-paths'
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

  /** The root of the search for the application's code and Prisma's package: the opened folder. */
  get codeRoot(): string {
    return isInside(this.displayRoot, this.root) ? this.displayRoot : this.root
  }

  /** Everything that the project writes is in these folders, regardless of links and settings. */
  get writableFolders(): WritableFolders {
    return writableFolders(this.root, this.displayRoot)
  }

  /** Throws `path-outside-project` if one of the files resolves to another place, before anything is changed. */
  requireWritable(files: readonly string[]): void {
    for (const file of new Set(files)) this.resolveWritable(file)
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
