import fs from 'node:fs'
import Module from 'node:module'
import path from 'node:path'
import vm from 'node:vm'
import { readKept, writeKept } from '../kept-files'

/**
 * Runs a bundle beside this one, which is written wrapped as Node wraps a module, with the machine code that V8 kept of
 * its last run: compiling a large bundle anew takes longer than most commands. Node has this built in from version 22 on
 * only. Whatever is wrong with what was kept, the bundle runs all the same; nothing is kept where
 * NODE_DISABLE_COMPILE_CACHE is set, as in Node.
 *
 * V8 itself looks only at the length of the bundle's text, at its own version and its flags, hence the fingerprint; nor
 * does it look for bytes that went wrong on the disk.
 */
export function runCached(bundle: Bundle): void {
  const file = path.join(__BUNDLE_FOLDER__, bundle.name)
  const kept = process.env.NODE_DISABLE_COMPILE_CACHE === undefined ? keptName(bundle) : null
  const cachedData = kept === null ? null : readKept(kept)
  const script = new vm.Script(fs.readFileSync(file, 'utf8'), {
    filename: file,
    ...(cachedData === null ? {} : { cachedData }),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  if (kept !== null && (cachedData === null || script.cachedDataRejected === true)) keepLater(script, kept)
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

function keptName({ name, fingerprint, use }: Bundle): string {
  return `${name}-${fingerprint}-${process.version}-${process.arch}-${use}`
}

/** Once the code has run, so that what was compiled on the way is kept too. */
function keepLater(script: vm.Script, name: string): void {
  const keep = () => {
    clearTimeout(timer)
    process.removeListener('exit', keep)
    writeKept(name, script.createCachedData())
  }
  const timer = setTimeout(keep, WARM).unref()
  process.once('exit', keep)
}
