import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../server/src/database/quote'
import { HOSTILE } from './hostile-text'

/**
 * Names of at most 63 bytes, each of which clears the screen, begins a line of ours, and is a link, markup or a
 * comment's end.
 */
export const name = (what: string): string => `${what}\u001b[2J\r\nNo findings: ok\u202e[x](command:y)|\`<b>*/`
export const fileName = (what: string): string => name(what).replaceAll('/', '')
export const id = (what: string): string => quoteIdentifier(name(what))

/** A project in a new folder, whose schema is a folder that contains a file with such a name. Returns its path. */
export function layOutHostileProject(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-hostile-')))
  const schemaFolder = path.join(folder, 'prisma', 'schema')
  fs.mkdirSync(schemaFolder, { recursive: true })
  const datasource = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n'
  fs.writeFileSync(path.join(schemaFolder, 'schema.prisma'), datasource)
  fs.writeFileSync(path.join(schemaFolder, `${fileName('f')}.prisma`), SCHEMA)
  fs.writeFileSync(path.join(folder, 'prisma-audit.json'), JSON.stringify(POLICY))
  return folder
}

const TABLE = id('t')
/** For the database; everything in it that has a name has one of these. */
export const HOSTILE_STRUCTURE = `
  CREATE TYPE ${id('e')} AS ENUM (${quoteLiteral(name('v1'))}, ${quoteLiteral(name('v2'))});
  CREATE TABLE "User" (id serial PRIMARY KEY);
  INSERT INTO "User" DEFAULT VALUES;
  CREATE TABLE ${TABLE} (
    id serial PRIMARY KEY, ${id('c')} text DEFAULT ${quoteLiteral(HOSTILE)}, ${id('u')} ${id('e')},
    CONSTRAINT ${id('k')} CHECK (${id('c')} <> ${quoteLiteral(HOSTILE.repeat(300))}));
  INSERT INTO ${TABLE} DEFAULT VALUES;
  CREATE INDEX ${id('i')} ON ${TABLE} (lower(${id('c')})) WHERE ${id('c')} <> ${quoteLiteral(HOSTILE)};
  COMMENT ON TABLE ${TABLE} IS ${quoteLiteral(HOSTILE)};
  CREATE FUNCTION ${id('f')}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER ${id('g')} BEFORE UPDATE ON ${TABLE} FOR EACH ROW EXECUTE FUNCTION ${id('f')}();`
const SCHEMA = `
model User {
  id Int @id @default(autoincrement())
}

model Thing {
  id    Int     @id @default(autoincrement())
  named String? @default(${JSON.stringify(name('other'))}) @map(${JSON.stringify(name('c'))})
  gone  Int?    @map(${JSON.stringify(name('x'))})

  @@index([named], map: ${JSON.stringify(name('missing'))})
  @@map(${JSON.stringify(name('t'))})
}
`
const POLICY = { userModel: 'User', rules: [{ models: ['Thing'], require: ['updatedAt', 'updatedBy', 'ownerId'] }] }
