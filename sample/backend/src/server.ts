import 'dotenv/config'
import { createServer } from 'node:http'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/prisma/client'
import { createRouter } from './router'
import { adminRoutes } from './routes/admin'

const connectionString = process.env.DATABASE_URL
if (connectionString === undefined) throw new Error('Set DATABASE_URL; .env.example shows how.')

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString }) })
const server = createServer(createRouter(adminRoutes(prisma)))

// The routes ask for no login, so only this machine may reach them.
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') {
    console.log(`Listening on http://127.0.0.1:${String(address.port)}`)
  }
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close(() => {
      void prisma.$disconnect()
    })
    server.closeAllConnections()
  })
}
