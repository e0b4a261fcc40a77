import type { FindModule } from '../module-paths'
import type { SourceTree } from '../syntax'
import { letsOn } from '../visitor/ordinary-visitor'
import type { LetsOn } from './role-tests'

/** What an answer depends on: files whose code was read, and words whose files were looked for. */
export interface Followed {
  readonly files: Set<string>
  readonly words: Set<string>
}

/** Asks the code of guards, through the files that it imports. Its answers hold until a file changes. */
export class GuardCode {
  private readonly asked = new Map<string, LetsOn>()

  constructor(
    private readonly find: FindModule,
    private readonly treeOf: (path: string) => SourceTree | null,
    private readonly homesOf: (name: string) => readonly string[],
  ) {}

  letsOn(path: string, tree: SourceTree, followed: Followed): LetsOn {
    const known = this.asked.get(path)
    if (known !== undefined) return known
    const files = {
      find: this.find,
      treeOf: (each: string) => {
        followed.files.add(each)
        return each === path ? tree : this.treeOf(each)
      },
      homesOf: (name: string) => {
        followed.words.add(name)
        const homes = this.homesOf(name)
        for (const each of homes) followed.files.add(each)
        return homes
      },
    }
    const answer: LetsOn = (gate) => letsOn(files, path, tree, gate)
    this.asked.set(path, answer)
    return answer
  }
}
