import assert from 'node:assert/strict'
import { compareFiles } from '../../../server/src/audit/compare'
import { createComparisonCache } from '../../../server/src/audit/comparison-cache'
import { createDatabaseIndex } from '../../../server/src/audit/database-index'
import type { Finding } from '../../../server/src/audit/finding'
import { modelSides } from '../../../server/src/audit/model-sides'
import type { DatabaseModel } from '../../../server/src/database/model'
import { databaseSideFixes, silencingFixes, type FixSources } from '../../../server/src/editor/fixes/finding-fixes'
import { applyEdits } from '../../../server/src/schema/edits/apply-edits'
import { SourceLines } from '../../../server/src/schema/edits/source-lines'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { newSchemaErrors } from '../../../server/src/schema/validation/new-schema-errors'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { formatted } from '../../unit/schema/support'
import { readDatabase } from '../compare/compare-support'
import { inEnglish } from '../../../server/src/text/translate'

const SCHEMA = `datasource db {
  provider = "postgresql"
}

enum Role {
  ADMIN
  GUEST // who looks only
}

model User {
  id    Int    @id @default(autoincrement())
  email String
  role  Role   @default(GUEST)
}

/// The lead's own comment.
model Lead {
  id        Int      @id @default(autoincrement()) // the key
  name      String // what it is called
  note      String
  amount    Float    @default(1)
  tags      String
  state     String   @default("new")
  flag      Boolean
  at        DateTime @default(now())
  data      Json     @default("{}")
  big       Int      @default(5)
  day       DateTime
  raw       Bytes
  kind      Role     @default(ADMIN)
  gone      String?
  fullName  String
  place     String

  @@index([name])
  @@index([state], map: "lead_state")
  @@index([at])
}

model Note {
  id Int @id
  leadId Int
  lead   Lead   @relation(fields: [leadId], references: [id], map: "note_lead")
  text String @unique
}
`.replace('  lead   Lead   @', '  lead   Lead @')

const WITH_OPPOSITE = SCHEMA.replace('  place     String\n', '  place     String\n  notes     Note[]\n')

const DATABASE = `
CREATE TYPE "Role" AS ENUM ('ADMIN', 'GUEST', 'OWNER');
CREATE TYPE mood AS ENUM ('good', 'so so');
CREATE TABLE "User" (id serial PRIMARY KEY, email text NOT NULL UNIQUE, role "Role" NOT NULL DEFAULT 'GUEST');
CREATE TABLE "Lead" (
  id serial CONSTRAINT lead_key PRIMARY KEY, name varchar(20) NOT NULL, note text, amount numeric(10,2) NOT NULL DEFAULT 1.50,
  tags text[] DEFAULT ARRAY['a', 'b'], state text NOT NULL DEFAULT 'it''s "new"', flag boolean NOT NULL DEFAULT true,
  at timestamptz NOT NULL DEFAULT now(), data jsonb NOT NULL DEFAULT '{"a": [1]}', big bigint NOT NULL DEFAULT 7,
  day date NOT NULL DEFAULT '2020-02-03', raw bytea NOT NULL DEFAULT '\\x00ff', kind "Role" NOT NULL DEFAULT 'OWNER',
  name_full text NOT NULL, place point NOT NULL DEFAULT '(1,2)', "ownerId" int, inserted_at timestamp(3) NOT NULL DEFAULT lower('2020-01-01')::timestamp,
  "first name" uuid NOT NULL DEFAULT gen_random_uuid(), mine mood,
  FOREIGN KEY ("ownerId") REFERENCES "User" (id) ON DELETE CASCADE
);
CREATE INDEX "other_name" ON "Lead" (name);
CREATE INDEX lead_state ON "Lead" (state DESC);
CREATE UNIQUE INDEX ON "Lead" (name, day);
CREATE INDEX lead_data ON "Lead" USING gin (data jsonb_path_ops);
CREATE TABLE "Note" (id int PRIMARY KEY, "leadId" int CONSTRAINT note_lead REFERENCES "Lead" (id) ON DELETE CASCADE ON UPDATE CASCADE, text text NOT NULL);
CREATE TABLE order_items (
  id uuid DEFAULT gen_random_uuid() CONSTRAINT items_key PRIMARY KEY, "2nd" int UNIQUE, price money, at time(2) DEFAULT '10:00',
  code char(3) NOT NULL, bits varbit(4), lead int REFERENCES "Lead", net inet, j json, f real, s smallint, x xml, o oid, z timestamptz(2)
);
CREATE INDEX ON order_items (price, code DESC);
CREATE TABLE pairs (a int, b int, PRIMARY KEY (a, b));
`

describe('the schema takes the side of the database', () => {
  const postgres = usePostgres()

  it('finding by finding: each fix removes its own, Prisma accepts the schema and its formatter changes nothing; in the end Prisma finds no difference', async () => {
    const live = await postgres.createDatabase(DATABASE)
    try {
      let text = await formatted(WITH_OPPOSITE)
      const seen = new Set<string>()
      for (let round = 0; round < 80; round++) {
        const { findings, sources } = lookAt(text, await readDatabase(live.url, ['public'], schemaOf(text)))
        const next = findings.flatMap((finding) => {
          const fixes = databaseSideFixes(finding, sources)
          // Of a renamed field the column is kept; the removal is the other way.
          return fixes.slice(0, 1).map((fix) => ({ finding, fix }))
        })[0]
        if (next === undefined) {
          const diff = await prismaDiff(text, live.url)
          assert.ok(diff.isEmpty, `${diff.text}\n${text}`)
          assert.deepEqual(
            findings.map(({ message }) => message),
            [],
          )
          break
        }
        const { finding, fix } = next
        seen.add(finding.code)
        assert.deepEqual(await newSchemaErrors(sources.schema, fix.edits), [], fix.title)
        text = applyEdits(text, fix.edits)
        assert.equal(text, await formatted(text), fix.title)
        const after = lookAt(text, await readDatabase(live.url, ['public'], schemaOf(text))).findings
        assert.ok(!after.some(({ message }) => message === finding.message), `${fix.title} leaves ${finding.message}`)
      }
      assert.match(text, /\/\/\/ The lead's own comment\./)
      assert.match(text, /\/\/ what it is called/)
      assert.match(text, /\/\/ who looks only/)
      const codes = ['column-type', 'column-nullability', 'column-default', 'column-unmapped', 'column-missing']
      const others = ['index-name', 'index-definition', 'index-unmapped', 'index-missing', 'unique-missing']
      const whole = ['foreign-key-definition', 'foreign-key-unmapped', 'table-unmapped', 'enum-unmapped', 'enum-values']
      assert.deepEqual(
        [...codes, ...others, ...whole].filter((code) => !seen.has(code)),
        [],
      )
    } finally {
      await live.drop()
    }
  })

  it('or a comment silences the finding: each, without the formatter changing a thing', async () => {
    const live = await postgres.createDatabase(DATABASE)
    try {
      const database = await readDatabase(live.url, ['public'], schemaOf(WITH_OPPOSITE))
      let text = await formatted(WITH_OPPOSITE)
      for (let round = 0; round < 80; round++) {
        const { findings, sources } = lookAt(text, database)
        const [finding] = findings
        if (finding === undefined) break
        const [fix] = silencingFixes(finding, sources)
        assert.ok(fix !== undefined, finding.message)
        text = applyEdits(text, fix.edits)
        assert.equal(text, await formatted(text), fix.title)
        assert.ok(!lookAt(text, database).findings.some(({ message }) => message === finding.message), fix.title)
      }
      assert.deepEqual(lookAt(text, database).findings, [])
    } finally {
      await live.drop()
    }
  })
})

function schemaOf(text: string) {
  return parseSchema([{ path: 'schema.prisma', text }])
}

function lookAt(text: string, database: DatabaseModel): { findings: readonly Finding[]; sources: FixSources } {
  const schema = schemaOf(text)
  const cache = createComparisonCache()
  const input = { schema, database, policy: null, cache }
  const findings = compareFiles(input).flatMap((file) => file.findings)
  const sources: FixSources = {
    t: inEnglish,
    schema,
    index: createDatabaseIndex(database),
    sidesOf: (block) => modelSides(block, input),
    linesOf: (file) => new SourceLines(file.text.toString()),
  }
  return { findings: findings.filter(({ severity }) => severity !== 'hint'), sources }
}
