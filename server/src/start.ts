import nodeModule from 'node:module'
import path from 'node:path'
import { cacheFolder } from './files/cached-files'

/**
 * `dist/cli.js` and `dist/server.js`: each loads `main.js` next to it, which Node's compile cache speeds up from the
 * second time on. Node 20 has no compile cache and starts a little slower. The cache is in the user's own folder: in
 * the machine's shared temporary folder, Node's default, others could plant code.
 */
const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder?: string) => unknown }
const folder = cacheFolder()
if (folder !== null) enableCompileCache?.(path.join(folder, 'compiled'))
// eslint-disable-next-line @typescript-eslint/no-require-imports -- it has to come after the line above
const { runProgram } = require(path.join(__BUNDLE_FOLDER__, 'main.js')) as { runProgram: (name: string) => void }
runProgram(__PROGRAM__)
