import { createHash } from 'node:crypto'
import fs from 'node:fs'
import Module from 'node:module'
import os from 'node:os'
import path from 'node:path'
import vm from 'node:vm'

/**
 * Runs a bundle beside this one, which is written wrapped as Node wraps a module, with the machine code that V8 kept of its last run: compiling a
 * large bundle anew takes longer than most commands. Node has this built in from version 22 on only. Whatever is wrong
 * with what was kept, the bundle runs all the same; nothing is kept where NODE_DISABLE_COMPILE_CACHE is set, as in Node.
 *
 * V8 itself looks only at the length of the bundle's text, at its own version and its flags, hence the fingerprint.
 */
export function runCached(bundle: Bundle): void {
  const file = path.join(__BUNDLE_FOLDER__, bundle.name)
  const folder = process.env.NODE_DISABLE_COMPILE_CACHE === undefined ? cacheFolder() : null
  const kept = folder === null ? null : path.join(folder, keptName(bundle))
  const cachedData = kept === null ? undefined : readOwn(kept)
  const script = new vm.Script(fs.readFileSync(file, 'utf8'), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  if (kept !== null && (cachedData === undefined || script.cachedDataRejected === true)) keepLater(script, kept)
  const module = new Module(file)
  module.filename = file
  const run = script.runInThisContext() as (...parameters: unknown[]) => void
  run(module.exports, Module.createRequire(file), module, file, path.dirname(file))
}

export interface Bundle {
  /** Of the file. */
  readonly name: string
  /** Of its text. */
  readonly fingerprint: string
  /** What is run of it: each use is kept by itself, since it compiles, and wants to load, other parts than the others. */
  readonly use: string
}

/** Milliseconds after which a program that stays has run most of what it starts with. */
const WARM = 20_000

/** Days after which what an earlier version kept is thrown away. */
const LONGEST_KEPT = 30

function keptName({ name, fingerprint, use }: Bundle): string {
  return `${name}-${fingerprint}-${process.version}-${process.arch}-${use}`
}

/** The user's own folder for such things, by the customs of each system. */
function cacheFolder(): string {
  const { env, platform } = process
  const home = os.homedir()
  const base =
    platform === 'win32'
      ? (env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'))
      : platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : env.XDG_CACHE_HOME !== undefined && path.isAbsolute(env.XDG_CACHE_HOME)
          ? env.XDG_CACHE_HOME
          : path.join(home, '.cache')
  return path.join(base, 'prisma-audit')
}

/** What is run must be the user's own, and whole: V8 itself does not look for bytes that went wrong on the disk. */
function readOwn(file: string): Buffer | undefined {
  try {
    const { uid, mode } = fs.statSync(file)
    if (process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o022) !== 0)) return undefined
    const content = fs.readFileSync(file)
    const code = content.subarray(CHECKSUM_BYTES)
    return checksum(code).equals(content.subarray(0, CHECKSUM_BYTES)) ? code : undefined
  } catch {
    return undefined
  }
}

const CHECKSUM_BYTES = 20

function checksum(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest()
}

/** Once the code has run, so that what was compiled on the way is kept too. A folder that cannot be written is none. */
function keepLater(script: vm.Script, file: string): void {
  const keep = () => {
    clearTimeout(timer)
    process.removeListener('exit', keep)
    try {
      const folder = path.dirname(file)
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
      const temporary = `${file}.${process.pid}`
      const code = script.createCachedData()
      fs.writeFileSync(temporary, Buffer.concat([checksum(code), code]), { mode: 0o600 })
      fs.renameSync(temporary, file)
      removeOld(folder)
    } catch {
      // It is only ever a matter of speed.
    }
  }
  const timer = setTimeout(keep, WARM).unref()
  process.once('exit', keep)
}

function removeOld(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name)
    const days = (Date.now() - fs.statSync(file).mtimeMs) / 86_400_000
    if (days > LONGEST_KEPT) fs.rmSync(file, { force: true })
  }
}
