import type { PgDump } from './find-pg-dumps'
import { runInContainer } from './run-in-container'
import { runProgram, type ProgramOptions, type ProgramOutcome, type ProgramWord } from './run-program'

/** Runs a pg_dump or the pg_restore of the same version, locally or in a container. Throws like `runProgram`. */
export async function runTool(
  program: PgDump,
  tool: 'pg_dump' | 'pg_restore',
  words: readonly ProgramWord[],
  options: ProgramOptions,
): Promise<ProgramOutcome> {
  if (program.container !== undefined) return await runInContainer(program.container, tool, words, options)
  const file = tool === 'pg_dump' ? program.path : program.restorePath
  return await runProgram(
    file,
    words.map((word) => (typeof word === 'string' ? word : `${word.option ?? ''}${word.file}`)),
    options,
  )
}
