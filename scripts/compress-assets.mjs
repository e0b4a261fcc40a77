// `node scripts/compress-assets.mjs`: compresses what `npm run package` needs, unless it is in node_modules/.cache already.
import path from 'node:path'
import { compressAssets } from './assets.mjs'

await compressAssets(path.resolve(import.meta.dirname, '..'))
