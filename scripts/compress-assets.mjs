// `node scripts/compress-assets.mjs`: compresses what `npm run package` needs, unless it is in node_modules/.cache already.
import os from 'node:os'
import path from 'node:path'
import { compressAssets } from './assets.mjs'

os.setPriority(os.constants.priority.PRIORITY_LOW)
await compressAssets(path.resolve(import.meta.dirname, '..'))
