import fs from 'node:fs'
import path from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

/**
 * Reads a file next to the bundles: uncompressed after `npm run build`, compressed with Brotli (`NAME.br`) in the
 * packages. In memory, because an unpacked file would have to be trusted each time; 10 MB take about 40 ms.
 */
export function readShippedFile(folder: string, name: string): Uint8Array<ArrayBuffer> {
  const file = path.join(folder, name)
  return new Uint8Array(isThere(file) ? fs.readFileSync(file) : brotliDecompressSync(fs.readFileSync(`${file}.br`)))
}

function isThere(file: string): boolean {
  return fs.existsSync(file)
}
