// Mocha's spec reporter, which also writes its counts, and what failed, to the file that PRISMA_AUDIT_COUNTS names.
const fs = require('node:fs')
const { reporters } = require('mocha')

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats
      const failed = this.failures.map((test) => ({ title: test.fullTitle(), message: String(test.err?.message) }))
      fs.writeFileSync(
        process.env.PRISMA_AUDIT_COUNTS,
        JSON.stringify({ passed: passes, failed: failures, skipped: pending, failures: failed }),
      )
    })
  }
}
