import type * as PolicyParser from '../audit-fields/parse-policy'
import { AuditError } from '../errors'
import type { SourceFiles } from './source-files'

/** A policy that cannot be read is one that is not valid: never none. */
export function readPolicyFile(file: string, files: SourceFiles): PolicyParser.ParsedPolicy {
  try {
    const text = files.read(file)
    return text === null ? { policy: null, problems: [], names: [] } : readPolicyText(text)
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    return { policy: null, problems: [{ message: `${error.message} ${error.why}`, path: [], offset: 0 }], names: [] }
  }
}

/**
 * `parsePolicy`, loaded with the first policy: what it validates with takes longer to load than a small schema to check,
 * and a text is needed at once, so it cannot be awaited.
 */
function readPolicyText(text: string): PolicyParser.ParsedPolicy {
  const { parsePolicy } = require('../audit-fields/parse-policy') as typeof PolicyParser
  return parsePolicy(text)
}
