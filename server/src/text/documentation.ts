/** Where a person without this repository reads its `docs/`; a page has the name that it has there. */
export const DOCUMENTATION = 'https://github.com/prisma-audit/prisma-audit/blob/main/docs'
