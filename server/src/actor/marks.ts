/** By these words a module of ours is known in a project. */
export const MODULE_MARK = '<prisma-audit models>'

/** And by these a test of ours. */
export const TEST_MARK = '`prisma-audit actor --test`'
