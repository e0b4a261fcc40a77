import { phrase } from '../../text/phrase'
import type { FoundPrograms, PgDump, RejectedProgram } from './find-pg-dumps'

/**
 * Chooses the pg_dump for a server or an archive: one of its major version, otherwise the lowest newer one, because
 * pg_dump rejects servers newer than itself, and pg_restore archives. Among equals, the highest minor version, then the
 * first one found.
 *
 * @returns `chosen` is null if none is suitable; `rejected` gives the reason for each other program
 */
export function choosePgDump(
  found: FoundPrograms,
  neededMajor: number,
): { readonly chosen: PgDump | null; readonly rejected: readonly RejectedProgram[] } {
  const fit = found.programs.filter((program) => program.major >= neededMajor)
  const [chosen = null] = fit.toSorted((a, b) => a.major - b.major || minorOf(b) - minorOf(a))
  const tooOld = found.programs.filter((program) => program.major < neededMajor)
  return {
    chosen,
    rejected: [
      ...tooOld.map(({ path, version }) => ({
        path,
        reason: phrase`is version ${version}, older than ${String(neededMajor)}`,
      })),
      ...found.rejected,
    ],
  }
}

function minorOf(program: PgDump): number {
  return Number.parseInt(program.version.split('.')[1] ?? '0', 10) || 0
}
