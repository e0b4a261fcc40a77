import path from 'node:path'
import { isWritable, resolveWritable, writableFolders, type WritableFolders } from '../files/written-paths'
import { isInside, shownPath } from '../platform/inside'

/** Where a project's files are looked for, where it may write, and how its paths are shown. */
export class ProjectPaths {
  constructor(
    readonly root: string,
    /** What was opened; paths are shown relative to it. */
    private readonly displayRoot: string,
    /** What paths are shown relative to; null: what was opened. */
    private readonly shownFrom: string | null = null,
  ) {}

  /** What a person calls the project: its folder in what was opened, or that folder's own name. Nobody means `prisma/` itself. */
  get name(): string {
    const relative = path.relative(this.displayRoot, this.root)
    if (relative === 'prisma') return path.basename(this.displayRoot)
    const isBelow = relative !== '' && isInside(this.displayRoot, this.root)
    return isBelow ? relative.split(path.sep).join('/') : path.basename(this.root)
  }

  /** What is searched for the application's code, and the package that Prisma stands in: all that was opened. */
  get codeRoot(): string {
    return isInside(this.displayRoot, this.root) ? this.displayRoot : this.root
  }

  /** What the project writes lies in these, wherever links and settings lead. */
  get writableFolders(): WritableFolders {
    return writableFolders(this.root, this.displayRoot)
  }

  /** Throws `path-outside-project` where one of the files really lies elsewhere; before anything else is changed. */
  requireWritable(files: readonly string[]): void {
    for (const file of new Set(files)) this.resolveWritable(file)
  }

  /** The path behind all links. Throws `path-outside-project`. */
  resolveWritable(file: string): string {
    return resolveWritable(file, this.writableFolders)
  }

  /** For what is only offered where it could be written. */
  mayWrite(files: readonly string[]): boolean {
    return files.every((file) => isWritable(file, this.writableFolders))
  }

  display(file: string): string {
    return shownPath(this.shownFrom ?? this.displayRoot, file)
  }
}
