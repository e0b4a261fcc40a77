// Fills the empty database that DATABASE_URL names with the sample's tables and rows.
import 'dotenv/config'
import fs from 'node:fs'
import pg from 'pg'

const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
await client.connect()
try {
  for (const name of ['structure.sql', 'seed.sql']) {
    await client.query(fs.readFileSync(new URL(`../database/${name}`, import.meta.url), 'utf8'))
    console.log(`${name} loaded`)
  }
} finally {
  await client.end()
}
