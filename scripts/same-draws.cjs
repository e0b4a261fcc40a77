const { configureGlobal } = require('fast-check')

/** One that has drawn extensions, enums and mapped names in the first few schemas. */
const SEED = 1259801386

if (process.env.PRISMA_AUDIT_RUNS === undefined) configureGlobal({ seed: SEED })
