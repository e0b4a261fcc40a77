import 'dotenv/config'
import { createServer } from 'node:http'
import { prisma } from './client'
import { createRouter } from './router'
import { adminRoutes } from './routes/admin'
import { Sessions } from './sessions'

const sessions = new Sessions(prisma)
const server = createServer(createRouter(adminRoutes(prisma), sessions, (user, work) => work()))

// A sample listens on this machine only.
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
