import fs from 'node:fs'

/** The files in a VSIX, which is a ZIP archive, with their bytes in it. */
export function vsixFiles(file: string): { readonly name: string; readonly bytes: number }[] {
  const archive = fs.readFileSync(file)
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'))
  const count = archive.readUInt16LE(end + 10)
  const files = []
  for (let at = archive.readUInt32LE(end + 16), index = 0; index < count; index++) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    files.push({
      name: archive.toString('utf8', at + CENTRAL_HEADER, at + CENTRAL_HEADER + name),
      bytes: archive.readUInt32LE(at + 20),
    })
    at += CENTRAL_HEADER + name + extra + comment
  }
  return files
}

const CENTRAL_HEADER = 46
