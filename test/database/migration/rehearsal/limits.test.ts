import assert from 'node:assert/strict'
import { rehearseMigration } from '../../../../server/src/migration/rehearsal/rehearse-migration'
import { renderPreview } from '../../../../server/src/migration/render/preview'
import { renderRehearsalText } from '../../../../server/src/migration/render/rehearsal'
import { usePostgres } from '../../../support/postgres'
import { createProject } from '../support/project'
import { rehearse } from './support'

const SCHEMA = `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id @default(autoincrement())\n}
model Lead {\n  id Int @id @default(autoincrement())\n}\n`
const POLICY = {
  rules: [
    { models: ['*'], require: ['updatedAt'] },
    { models: ['Lead'], require: ['ownerId'] },
  ],
}

describe('what a rehearsal cannot load', () => {
  const server = usePostgres()

  it('is named, with the steps that were therefore not rehearsed; the others were', async () => {
    const project = await createProject(server, {
      schema: SCHEMA,
      policy: POLICY,
      // A type in C, as an extension would bring it, which no other server has.
      ddl: `CREATE TABLE "User" (id serial PRIMARY KEY);
        CREATE TYPE shell;
        CREATE FUNCTION shell_in(cstring) RETURNS shell LANGUAGE internal STRICT IMMUTABLE AS 'textin';
        CREATE FUNCTION shell_out(shell) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
        CREATE TYPE shell (INPUT = shell_in, OUTPUT = shell_out, LIKE = text);
        CREATE TABLE "Lead" (id serial PRIMARY KEY, shell shell);
        CREATE VIEW leads AS SELECT * FROM "Lead"`,
    })
    const report = await rehearse(project, await project.plan())
    console.log(renderRehearsalText(report))
  })
})
