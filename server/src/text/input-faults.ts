import * as z from 'zod'

/**
 * What is wrong with an input, on one line: `planHash: Invalid input: expected string, received array`. The
 * `prettifyError` of zod has several lines.
 */
export function describeFaults({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => (path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`))
    .join('; ')
}
