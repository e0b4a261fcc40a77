/** Identifies our module in a project. */
export const MODULE_MARK = '<prisma-audit models>'

/** Identifies our test in a project. */
export const TEST_MARK = '`prisma-audit actor --test`'
