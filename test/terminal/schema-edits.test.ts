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
  readonly userModel?: string
  readonly fields?: object
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
  'users whom another service keeps': {
    sql: `CREATE TABLE "Post" (id integer PRIMARY KEY, "updatedAt" timestamp(3) NOT NULL); INSERT INTO "Post" SELECT g, '2020-01-01' FROM generate_series(1, 9) AS g;`,
    files: {
      'schema.prisma': `${DATASOURCE.replace(' db ', ' postgres ')}model Post {\n  id        Int      @id\n  updatedAt DateTime @updatedAt\n}\n`,
    },
    require: ['updatedAt', 'updatedBy', 'ownerId'],
    fields: {
      updatedBy: { relation: false, type: 'varchar(36)' },
      ownerId: { relation: false, type: 'uuid', required: true, populate: { sql: `'${'0'.repeat(32)}'::uuid` } },
    },
    written: [/updatedBy +String\? +@postgres\.VarChar\(36\)/, /ownerId +String +@postgres\.Uuid/],
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
  'names that come to one where they are cut at 63 bytes': {
    sql: `${USER_TABLE} CREATE TABLE "customer_subscription_invoice_line_item_adjustments_ü" (id integer CONSTRAINT link_pk PRIMARY KEY);`,
    files: {
      'schema.prisma':
        `${DATASOURCE}model User {\n  id    Int     @id\n  email String?\n}\nmodel Post {\n  id Int @id(map: "link_pk")\n` +
        '  @@map("customer_subscription_invoice_line_item_adjustments_ü")\n}\n',
    },
    require: ['updatedAt', 'updatedBy', 'ownerId'],
    written: [/@@index\(\[updatedById\], map: "customer_subscription_invoice_line_item_adjustments_ü_u\w+"\)/],
  },
  'names in snake case, and what the database calls otherwise': {
    sql: `CREATE TABLE users (id integer PRIMARY KEY, created_at timestamp(3));
          CREATE TABLE posts (id integer PRIMARY KEY, created_at timestamp(3), owner_id integer NOT NULL CONSTRAINT "who" REFERENCES users ON DELETE CASCADE);
          CREATE INDEX posts_by_owner ON posts (owner_id);`,
    files: {
      'schema.prisma':
        `${DATASOURCE}model users {\n  id         Int       @id\n  created_at DateTime?\n}\n` +
        `model Post {\n  id         Int       @id\n  created_at DateTime?\n  @@map("posts")\n}\n`,
    },
    userModel: 'users',
    fields: { updatedAt: { column: 'updated_at' }, ownerId: { column: 'owner_id' } },
    require: ['updatedAt', 'updatedBy', 'ownerId'],
    written: [
      /updated_at +DateTime +@updatedAt\n/,
      /updated_by_id +Int\? +@map\("updatedBy"\)/,
      /owner_id +Int\n/,
      /owner +users +@relation\("post_owner", fields: \[owner_id\], references: \[id\], onDelete: Cascade, onUpdate: NoAction, map: "who"\)/,
      /@@index\(\[owner_id\], map: "posts_by_owner"\)/,
    ],
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
      const rules = [{ models: ['Post'], require: given.require }]
      const policy = { userModel: given.userModel ?? 'User', rules, fields: given.fields ?? {} }
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

  it('is not written where Prisma would refuse it, and then nothing else is changed', async () => {
    database = await postgres.createDatabase({
      sql: `${USER_TABLE} CREATE TABLE "Post" (id integer PRIMARY KEY, "updatedBy" integer);`,
    })
    // The database lacks the index, so its name is free there. What version 7 refuses of version 6 is no matter.
    const text =
      DATASOURCE.replace('}', '  url = env("DATABASE_URL")\n}') +
      'generator client {\n  provider = "prisma-client-js"\n  previewFeatures = ["metrics"]\n}\n' +
      'model User {\n  id Int @id\n  email String?\n  @@index([email], map: "Post_updatedAt_idx")\n}\n' +
      'model Post {\n  id Int @id\n  updatedBy Int?\n}\n'
    fs.writeFileSync(path.join(folder, 'schema.prisma'), text)
    const policy = { userModel: 'User', rules: [{ models: ['Post'], require: ['updatedAt'] }] }
    fs.writeFileSync(path.join(folder, 'prisma-audit.json'), JSON.stringify(policy))
    const { exitCode, stderr } = await run('run', '--yes', '--no-backup', '--url', database.url)
    assert.equal(exitCode, 2)
    assert.match(stderr, /schema\.prisma:\d+ .*`Post_updatedAt_idx` has to be unique/)
    assert.equal(fs.readFileSync(path.join(folder, 'schema.prisma'), 'utf8'), text)
    // Nor is anything changed where Prisma rejects the schema as it stands.
    const rejected = {
      [text.replace('email String?', 'email Strin?').replace(/ {2}@@index.*\n/, '')]: /Type "Strin" is neither/,
      [`\ufeff${text.replace(/ {2}@@index.*\n/, '')}`]: /:1 .*This line is invalid[^]*begins with a byte order mark/,
    }
    for (const [other, reason] of Object.entries(rejected)) {
      fs.writeFileSync(path.join(folder, 'schema.prisma'), other)
      const refused = await run('migrate', '--yes', '--url', database.url)
      assert.equal(refused.exitCode, 2, refused.stdout + refused.stderr)
      assert.match(refused.stderr, reason)
    }
    const columns = await database.query(`SELECT FROM information_schema.columns WHERE column_name = 'updatedAt'`)
    assert.equal(columns.length, 0)
  })
})
