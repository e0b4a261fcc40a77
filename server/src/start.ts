import nodeModule from 'node:module'
import path from 'node:path'
import { isBounded, isForBounded, runBounded, startBounded } from './bounded-process'
import { cacheFolder } from './files/cached-files'

/**
 * `dist/cli.js` and `dist/server.js`: each loads `main.js` next to it, which Node's compile cache speeds up from the
 * second time on. Node 20 has no compile cache and starts a little slower. The cache is in the user's own folder: in
 * the machine's shared temporary folder, Node's default, others could plant code.
 */
const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder?: string) => unknown }
const folder = cacheFolder()
if (folder !== null) enableCompileCache?.(path.join(folder, 'compiled'))
const words = process.argv.slice(2)
if (__PROGRAM__ === 'cli' && isBounded()) runBounded(run)
else if (__PROGRAM__ === 'cli' && isForBounded(words)) {
  startBounded(path.join(__BUNDLE_FOLDER__, 'cli.js'), words, {
    impossible: run,
    crashed: (how) => load().tellCrash(how),
  })
} else run()

function run(): void {
  load().runProgram(__PROGRAM__)
}

function load(): { runProgram: (name: string) => void; tellCrash: (how: string) => void } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it has to come after the compile cache
  return require(path.join(__BUNDLE_FOLDER__, 'main.js')) as ReturnType<typeof load>
}
