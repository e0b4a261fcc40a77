// Wherever mocha is started: what a property-based test draws is the same each time, so that a red run is about the
// change. `PRISMA_AUDIT_RUNS=500 npm run mocha -- properties` looks further: other draws, and as many. And what a
// failed test shows is the whole error.
module.exports = { require: ['./scripts/same-draws.cjs', './scripts/whole-errors.cjs'] }
