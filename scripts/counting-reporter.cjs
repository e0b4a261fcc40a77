// Mocha's spec reporter, which also writes its counts to the file that PRISMA_AUDIT_COUNTS names.
const fs = require('node:fs')
const { reporters } = require('mocha')

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats
      fs.writeFileSync(
        process.env.PRISMA_AUDIT_COUNTS,
        JSON.stringify({ passed: passes, failed: failures, skipped: pending }),
      )
    })
  }
}
