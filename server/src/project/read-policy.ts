import type * as PolicyParser from '../audit-fields/parse-policy'

/**
 * `parsePolicy`, loaded with the first policy: what it validates with takes longer to load than a small schema to check,
 * and a text is needed at once, so it cannot be awaited.
 */
export function readPolicyText(text: string): PolicyParser.ParsedPolicy {
  const { parsePolicy } = require('../audit-fields/parse-policy') as typeof PolicyParser
  return parsePolicy(text)
}
