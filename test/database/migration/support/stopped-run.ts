import { runPlan } from '../../../../server/src/migration/run/run-plan'
import type { RunOptions, RunResult } from '../../../../server/src/migration/run/run-options'

type Progress = Parameters<NonNullable<RunOptions['onProgress']>>[0]

/** A run that somebody stops as soon as it has come so far. */
export function runUntil(
  options: Omit<RunOptions, 'signal' | 'onProgress'>,
  isFarEnough: (progress: Progress) => boolean,
): Promise<RunResult> {
  const controller = new AbortController()
  const onProgress = (progress: Progress) => {
    if (isFarEnough(progress)) controller.abort()
  }
  return runPlan({ ...options, signal: controller.signal, onProgress })
}
