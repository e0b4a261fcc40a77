import type * as PolicyParser from '../audit-fields/parse-policy'
import type { Policy } from '../audit-fields/policy'
import { placesIn } from '../audit/policy-findings'
import { AuditError } from '../errors'
import { noPolicy, policyInvalid } from './errors'
import type { SourceFiles } from './source-files'

/** A project's policy as it stands in its file or buffer, read when it is first asked for. */
export class PolicyFile {
  private latest: PolicyParser.ParsedPolicy | null = null

  constructor(
    private readonly options: {
      readonly path: string
      readonly files: SourceFiles
      /** The path as it is shown to people. */
      readonly shownPath: string
    },
  ) {}

  get path(): string {
    return this.options.path
  }

  get text(): string | null {
    return this.options.files.find(this.path)
  }

  /** The very same object until the file changes. */
  get reading(): PolicyParser.ParsedPolicy {
    this.latest ??= readPolicyFile(this.path, this.options.files)
    return this.latest
  }

  /** Is there a policy, be it valid or not? */
  get exists(): boolean {
    const { policy, problems } = this.reading
    return policy !== null || problems.length > 0
  }

  /** The policy, or an AuditError that says why there is none to work by. */
  require(): Policy {
    const { policy } = this.reading
    if (policy !== null) return policy
    this.refuseInvalid()
    throw noPolicy(this.options.shownPath)
  }

  /** Throws where there is a policy and it is not valid: to go on would be to work without one. */
  refuseInvalid(): void {
    const { problems } = this.reading
    const [first] = problems
    if (first === undefined) return
    const { text } = this
    throw policyInvalid(this.options.shownPath, problems, text === null ? null : placesIn(text)(first.offset))
  }

  /** Its text is another now. */
  changed(): void {
    this.latest = null
  }
}

/** A policy that cannot be read is one that is not valid: never none. */
function readPolicyFile(file: string, files: SourceFiles): PolicyParser.ParsedPolicy {
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
export function readPolicyText(text: string): PolicyParser.ParsedPolicy {
  const { parsePolicy } = require('../audit-fields/parse-policy') as typeof PolicyParser
  return parsePolicy(text)
}
