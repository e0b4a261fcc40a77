/**
 * Warnings of pg_restore, and those of the server, such as a function raises. Not the number of its errors: where it
 * had some and the restore succeeded, they are harmless.
 */
export function restoreWarnings(output: string): string[] {
  return output.split('\n').filter((line) => /\bwarning: /i.test(line) && !ERRORS_COUNTED.test(line))
}

/** Whether all that failed is the parameter that pg_restore sets since version 17 and older servers do not have. */
export function hasOnlyHarmlessErrors(output: string): boolean {
  const errors = output.split('\n').filter((line) => line.includes('error: '))
  return (
    errors.length > 0 &&
    errors.every((line) => line.includes('unrecognized configuration parameter "transaction_timeout"'))
  )
}

const ERRORS_COUNTED = /^pg_restore: warning: errors ignored on restore: \d+$/
