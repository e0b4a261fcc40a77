import type { Database } from '../client'
import { adminsOnly, type Routes } from '../router'

/** What an administrator sees and changes: every user and every lead, newest first. */
export function adminRoutes(prisma: Database): Routes {
  return adminsOnly({
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

    'PATCH /admin/users/:id': async ({ id, body: { name, role } }) => {
      const data = {
        ...(typeof name === 'string' ? { name } : {}),
        ...(typeof role === 'string' ? { role } : {}),
      }
      const { count } = await prisma.user.updateMany({ where: { id }, data })
      return count === 0 ? undefined : { id }
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
  })
}
