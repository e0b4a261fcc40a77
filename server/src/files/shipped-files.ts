import fs from 'node:fs'
import path from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

/**
 * A file that lies beside the bundles: as it is after `npm run build`, compressed with Brotli (`NAME.br`) in the packages. In
 * memory, since a file unpacked elsewhere would have to be trusted each time; 10 MB take some 40 ms.
 */
export function readShippedFile(folder: string, name: string): Uint8Array<ArrayBuffer> {
  const file = path.join(folder, name)
  return new Uint8Array(isThere(file) ? fs.readFileSync(file) : brotliDecompressSync(fs.readFileSync(`${file}.br`)))
}

function isThere(file: string): boolean {
  return fs.existsSync(file)
}
