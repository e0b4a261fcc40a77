import type * as PolicyParser from '../audit-fields/parse-policy'
import type { Policy } from '../audit-fields/policy'
import { policyProblem } from '../audit-fields/policy-problems'
import { placesIn } from '../audit/policy-findings'
import { AuditError, listOf } from '../errors'
import { readTextIfFit } from '../files/bounded-files'
import { phrase } from '../text/phrase'
import { noPolicy, policyInvalid } from './errors'
import type { SourceFiles } from './source-files'

/** A project's policy as in its file or buffer, read on first use. */
export class PolicyFile {
  private latest: PolicyParser.ParsedPolicy | null = null

  constructor(
    private readonly options: {
      readonly path: string
      readonly files: SourceFiles
      /** The path as shown to people. */
      readonly shownPath: string
    },
  ) {}

  get path(): string {
    return this.options.path
  }

  get text(): string | null {
    return this.options.files.find(this.path)
  }

  /** The same object until the file changes. */
  get reading(): PolicyParser.ParsedPolicy {
    this.latest ??= readPolicyFile(this.path, this.options.files)
    return this.latest
  }

  /** The policy on disk, whatever a buffer says; null if it is absent or invalid. */
  get saved(): Policy | null {
    if (!this.options.files.isOpen(this.path)) return this.reading.policy
    const text = readTextIfFit(this.path)
    return text === null ? null : readPolicyText(text).policy
  }

  /** Whether there is a policy, valid or not. */
  get exists(): boolean {
    const { policy, problems } = this.reading
    return policy !== null || problems.length > 0
  }

  /** The policy, or an AuditError that says why there is none. */
  require(): Policy {
    const { policy } = this.reading
    if (policy !== null) return policy
    this.refuseInvalid()
    throw noPolicy(this.options.shownPath)
  }

  /** Throws if the policy exists but is invalid: continuing would mean working without it. */
  refuseInvalid(): void {
    const { problems } = this.reading
    const [first] = problems
    if (first === undefined) return
    const { text } = this
    throw policyInvalid(this.options.shownPath, problems, text === null ? null : placesIn(text)(first.offset))
  }

  /** Its text has changed. */
  changed(): void {
    this.latest = null
  }
}

/** An unreadable policy is invalid, never absent. */
function readPolicyFile(file: string, files: SourceFiles): PolicyParser.ParsedPolicy {
  try {
    const text = files.read(file)
    return text === null ? { policy: null, problems: [], names: [] } : readPolicyText(text)
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    const { what, why } = error.parts
    return { policy: null, problems: [policyProblem(phrase`${what} ${listOf(why)}`)], names: [] }
  }
}

/**
 * `parsePolicy`, loaded with the first policy: loading its validation takes longer than checking a small schema.
 * Synchronous, because the text is needed immediately.
 */
export function readPolicyText(text: string): PolicyParser.ParsedPolicy {
  const { parsePolicy } = require('../audit-fields/parse-policy') as typeof PolicyParser
  return parsePolicy(text)
}
