/**
 * SQL that writes a WebAssembly library into the embedded server's files and loads it. Emscripten keeps the JavaScript
 * of a C program in its data, between two exported addresses, and passes it to `eval` when the library is loaded.
 */
export function loadLibraryWith(javaScript: string): string {
  // Emscripten makes an arrow function of the text.
  const text = [...Buffer.from(`}; ${javaScript}; () => {`), 0]
  const memory = [...bytesOf('env'), ...bytesOf('memory'), 2, 0, 0]
  const base = [...bytesOf('env'), ...bytesOf('__memory_base'), 3, I32, 0]
  const global = (value: number) => [I32, 0, 0x41, ...signed(value), END]
  const library = Buffer.from([
    ...[0, ...Buffer.from('asm'), 1, 0, 0, 0],
    ...section(0, [...bytesOf('dylink.0'), ...section(1, [...unsigned(text.length), 0, 0, 0])]),
    ...section(2, [2, ...memory, ...base]),
    ...section(6, [2, ...global(0), ...global(text.length - 1)]),
    ...section(7, [2, ...bytesOf('__start_em_asm'), 3, 1, ...bytesOf('__stop_em_asm'), 3, 2]),
    ...section(11, [1, 0, 0x23, 0, END, ...unsigned(text.length), ...text]),
  ])
  return `DO $$ BEGIN
  PERFORM lo_from_bytea(4711, '\\x${library.toString('hex')}');
  PERFORM lo_export(4711, '/tmp/library.so');
END $$;
LOAD '/tmp/library.so'`
}

const I32 = 0x7f

const END = 0x0b

const section = (id: number, content: readonly number[]) => [id, ...unsigned(content.length), ...content]

const bytesOf = (name: string) => [...unsigned(Buffer.byteLength(name)), ...Buffer.from(name)]

/** LEB128: seven bits a byte, the lowest first. */
const unsigned = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >> 7)])

const signed = (value: number): number[] => (value < 64 ? [value] : [(value & 127) | 128, ...signed(value >> 7)])
