// Strongest Brotli, about 10 seconds of a processor for 4 MB: each content is compressed once and cached by its hash.
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import zlib from 'node:zlib'

/**
 * Only `npm test` sets this: the strongest level makes a package a tenth smaller, and takes a minute of a processor.
 */
const STRONGEST = process.env.PRISMA_AUDIT_QUICK_PACKAGE === '1' ? 8 : 11

/** With the strongest level, or, for a build that is not shipped, in tenths of a second. */
export async function compressed(root, bytes, isStrongest = true) {
  const quality = isStrongest ? STRONGEST : 5
  const hash = crypto.createHash('sha256').update(bytes).digest('hex')
  const file = path.join(root, 'node_modules/.cache/prisma-audit', `${hash}-${quality}.br`)
  if (fs.existsSync(file)) return fs.readFileSync(file)
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT, BROTLI_MAX_WINDOW_BITS } = zlib.constants
  const params = {
    [BROTLI_PARAM_QUALITY]: quality,
    [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS,
    [BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  const smaller = await promisify(zlib.brotliCompress)(bytes, { params })
  writeAtOnce(file, smaller)
  return smaller
}

/** Two builds may run at once; neither may see the other's half-written file. */
export function writeAtOnce(file, bytes) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(`${file}.${process.pid}`, bytes)
  fs.renameSync(`${file}.${process.pid}`, file)
}
