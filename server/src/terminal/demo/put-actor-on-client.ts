import fs from 'node:fs'
import path from 'node:path'

/**
 * Adds the two lines that a person adds after `prisma-audit actor`: the call around the client, and running each
 * request as its user.
 */
export function putActorOnClient(backend: string): void {
  change(
    path.join(backend, 'src', 'client.ts'),
    "import { withAuditFields } from './audit-actor'",
    'new PrismaClient({ adapter: new PrismaPg({ connectionString }) })',
    (client) => `withAuditFields(${client})`,
  )
  change(
    path.join(backend, 'src', 'server.ts'),
    "import { withActor } from './audit-actor'",
    '(user, work) => work()',
    () => '(user, work) => withActor(user.id, work)',
  )
}

function change(file: string, importLine: string, part: string, changed: (part: string) => string): void {
  const text = fs.readFileSync(file, 'utf8')
  if (!text.includes(part)) throw new Error(`${file} differs from the sample.`)
  fs.writeFileSync(file, `${importLine}\n${text.replace(part, changed)}`)
}
