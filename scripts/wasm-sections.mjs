/**
 * A WebAssembly module without its custom sections, such as the names of its functions, which only a debugger shows.
 */
export function withoutCustomSections(bytes) {
  const kept = [bytes.subarray(0, HEADER)]
  for (let at = HEADER; at < bytes.length;) {
    const { value: length, next } = unsigned(bytes, at + 1)
    const end = next + length
    if (bytes[at] !== CUSTOM) kept.push(bytes.subarray(at, end))
    at = end
  }
  return Buffer.concat(kept)
}

/** The magic number and the version. */
const HEADER = 8

const CUSTOM = 0

/** LEB128. */
function unsigned(bytes, at) {
  for (let value = 0, shift = 0, next = at; ; shift += 7) {
    const byte = bytes[next++]
    value += (byte & 127) * 2 ** shift
    if (byte < 128) return { value, next }
  }
}
