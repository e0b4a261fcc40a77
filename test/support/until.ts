import { setTimeout as pause } from 'node:timers/promises'

/**
 * Asks again until it is so, where nobody tells; mocha's timeout is the limit. Without the pause, asking would take a
 * processor from what is waited for.
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(MILLISECONDS)
}

const MILLISECONDS = 10
