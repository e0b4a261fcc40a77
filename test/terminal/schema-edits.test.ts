import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'
import { usePostgres, type TestDatabase } from '../support/postgres'

interface Case {
  readonly sql: string
  /** Texts by path. */
  readonly files: Readonly<Record<string, string>>
  readonly require: readonly string[]
  /** What the schema says after the run, somewhere. */
  readonly written: readonly RegExp[]
}

const DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n'
const USER_TABLE = 'CREATE TABLE "User" (id integer PRIMARY KEY, email text);'

const CASES: Record<string, Case> = {
  'a column without a relation, line feeds missing at the end': {
    sql: `${USER_TABLE} CREATE TABLE "Post" (id integer PRIMARY KEY, title text, "updatedBy" integer);`,
    files: {
      'schema.prisma': `${DATASOURCE}model User {\n  id Int @id   \n  email  String?\n}\nmodel Post {\n  id        Int     @id\n  title     String?\n  updatedBy Int?\n}`,
    },
    require: ['updatedAt', 'updatedBy'],
    written: [/updatedByUser/, /updatedPosts/, /@@index\(\[updatedBy\]\)/],
  },
  'a field without its index, carriage returns, tabs and comments': {
    sql: `${USER_TABLE} CREATE TABLE "Post" (id integer PRIMARY KEY, "updatedAt" timestamp(3) NOT NULL, "ownerId" integer REFERENCES "User");`,
    files: {
      'schema.prisma':
        `${DATASOURCE}// the users\nmodel User {\n\tid Int @id\n\temail String? // login\n\n\tposts Post[]\n\n}\n\n` +
        `model Post {\n\tid Int @id\n\tupdatedAt DateTime @updatedAt\n\n\n\townerId Int?\n\towner User? @relation(fields: [ownerId], references: [id], onUpdate: NoAction, onDelete: NoAction, map: "Post_ownerId_fkey")\n\t// the end\n}\n`.replaceAll(
          '\n',
          '\r\n',
        ),
    },
    require: ['updatedAt', 'updatedBy', 'ownerId'],
    written: [/@@index\(\[updatedAt\]\)/, /updatedById/],
  },
  'several files, and a datasource of another name': {
    sql: `CREATE TABLE "User" (id uuid PRIMARY KEY); CREATE TABLE "Post" (id integer PRIMARY KEY);`,
    files: {
      'schema/main.prisma': DATASOURCE.replace(' db ', ' postgres '),
      'schema/user.prisma': 'model User {\n  id String @id @postgres.Uuid\n}\n',
      'schema/post.prisma': 'model Post {\n  id Int @id\n}\n',
    },
    require: ['updatedAt', 'updatedBy', 'ownerId'],
    written: [/updatedById String\? +@map\("updatedBy"\) @postgres\.Uuid/, /ownerId +String\? +@postgres\.Uuid/],
  },
}

describe('the schema that a run writes', () => {
  const postgres = usePostgres()
  let folder: string
  let database: TestDatabase | null = null

  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-schema-edits-')))
  })
  afterEach(async () => {
    fs.rmSync(folder, { recursive: true, force: true })
    await database?.drop()
    database = null
  })

  const run = (...words: string[]) =>
    commandLine([...words, '--schema', fs.existsSync(path.join(folder, 'schema')) ? 'schema' : 'schema.prisma'], {
      folder,
      environment: { DATABASE_URL: database?.url },
    })

  for (const [title, given] of Object.entries(CASES)) {
    it(`is as it was, byte for byte, after a rollback: ${title}`, async () => {
      database = await postgres.createDatabase({ sql: given.sql })
      const policy = { userModel: 'User', rules: [{ models: ['Post'], require: given.require }] }
      fs.writeFileSync(path.join(folder, 'prisma-audit.json'), JSON.stringify(policy))
      for (const [name, text] of Object.entries(given.files)) {
        fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
        fs.writeFileSync(path.join(folder, name), text)
      }
      const before = await run('check', '--format', 'json', '--url', database.url)
      const migrated = await run('run', '--yes', '--no-backup', '--url', database.url)
      assert.equal(migrated.exitCode, 0, migrated.stdout + migrated.stderr)
      const after = Object.keys(given.files).map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))
      for (const pattern of given.written) assert.match(after.join('\n'), pattern)
      assert.equal((await run('check', '--url', database.url)).exitCode, 0)
      const back = await run('rollback', '--yes', '--url', database.url)
      assert.equal(back.exitCode, 0, back.stdout + back.stderr)
      for (const [name, text] of Object.entries(given.files)) {
        assert.equal(fs.readFileSync(path.join(folder, name), 'utf8'), text)
      }
      const again = await run('check', '--format', 'json', '--url', database.url)
      assert.deepEqual(JSON.parse(again.stdout), JSON.parse(before.stdout))
    })
  }
})
