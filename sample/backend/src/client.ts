import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/prisma/client'

const connectionString = process.env.DATABASE_URL
if (connectionString === undefined) throw new Error('Set DATABASE_URL; .env.example shows how.')

export const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString }) })

/** The client with whatever extends it. */
export type Database = typeof prisma
