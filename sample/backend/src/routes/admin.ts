import type { PrismaClient } from '../generated/prisma/client'
import type { Routes } from '../router'

/** What an administrator sees: every user and every lead, newest first. */
export function adminRoutes(prisma: PrismaClient): Routes {
  return {
    'GET /admin/users': async () => {
      const users = await prisma.user.findMany({
        select: {
          id: true,
          name: true,
          email: true,
          role: true,
          createdAt: true,
        },
        orderBy: { createdAt: 'desc' },
      })
      return users
    },

    'GET /admin/leads': async () => {
      const leads = await prisma.lead.findMany({
        select: {
          id: true,
          name: true,
          email: true,
          status: true,
          createdAt: true,
        },
        orderBy: { createdAt: 'desc' },
      })
      return leads
    },
  }
}
