import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { migrateCommand } from '../../../server/src/commands/migrate'
import { rollBackCommand } from '../../../server/src/commands/roll-back'
import { Secrets } from '../../../server/src/database/secrets'
import { openProject } from '../../../server/src/project/open-project'
import type { Project } from '../../../server/src/project/project'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../../support/sample-workspace'
import { hasJournal, person, sampleSql } from './support/person'

const MIGRATE = { drift: false, preservedValues: 'ask' } as const
const ROLL_BACK = { dropData: false, application: false } as const

describe('a command keeps to the database that was confirmed, whatever its URL is taken from', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let other: TestDatabase
  let project: Project
  let environment: Record<string, string>

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
    other = await postgres.createDatabase({ sql: sampleSql() })
    environment = {}
  })
  afterEach(async () => {
    await project.close()
    await other.drop()
    await workspace.remove()
  })

  const fileOf = (name: string) => path.join(workspace.folder, 'backend', name)
  const write = (name: string, text: string) => fs.writeFileSync(fileOf(name), text)
  const toUrl = (url: string) => `DATABASE_URL=${url}\n`
  const readSchema = () => fs.readFileSync(workspace.schemaFile, 'utf8')
  /** As Prisma 6 has it: no configuration, the schema names the variable. */
  const withoutConfig = (variable = 'DATABASE_URL') => {
    fs.rmSync(fileOf('prisma.config.ts'))
    const text = readSchema().replace(/(provider *= *"postgresql")/, `$1\n  url = env("${variable}")`)
    assert.ok(text.includes(variable))
    fs.writeFileSync(workspace.schemaFile, text)
  }
  const configOf = (file: string) =>
    write(
      'prisma.config.ts',
      `import { config } from 'dotenv'\nimport { defineConfig, env } from 'prisma/config'\nconfig({ path: '${file}' })\n` +
        `export default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: env('DATABASE_URL') } })\n`,
    )

  /** How the project says where its database is, and how somebody changes that to the other one. */
  const changes: Record<string, { readonly before: () => void; readonly change: () => void | Promise<void> }> = {
    '.env that prisma.config.ts loads': {
      before: () => undefined,
      change: () => write('.env', toUrl(other.url)),
    },
    '.env that Prisma 6 loads': {
      before: () => withoutConfig(),
      change: () => write('.env', toUrl(other.url)),
    },
    'a link to .env that leads elsewhere': {
      before: () => {
        fs.renameSync(fileOf('.env'), fileOf('.env.one'))
        write('.env.two', toUrl(other.url))
        fs.symlinkSync('.env.one', fileOf('.env'))
      },
      change: () => {
        fs.rmSync(fileOf('.env'))
        fs.symlinkSync('.env.two', fileOf('.env'))
      },
    },
    'prisma.config.ts, which loads .env.local instead of .env': {
      before: () => {
        configOf('.env')
        write('.env.local', toUrl(other.url))
      },
      change: () => configOf('.env.local'),
    },
    'prisma.config.ts, which is new': {
      before: () => {
        withoutConfig()
        write('.env.local', toUrl(other.url))
      },
      change: () => configOf('.env.local'),
    },
    'a script, which hands .env.local to Prisma instead of .env': {
      before: () => {
        withoutConfig()
        write('.env.local', toUrl(other.url))
        write('package.json', JSON.stringify({ scripts: { migrate: 'dotenv -e .env -- prisma migrate dev' } }))
      },
      change: () =>
        write('package.json', JSON.stringify({ scripts: { migrate: 'dotenv -e .env.local -- prisma migrate dev' } })),
    },
    'the schema, which names another variable': {
      before: () => {
        withoutConfig()
        write('.env', `${toUrl(workspace.database.url)}OTHER_URL=${other.url}\n`)
      },
      change: () => {
        fs.writeFileSync(workspace.schemaFile, readSchema().replace('DATABASE_URL', 'OTHER_URL'))
        project.fileChanged(workspace.schemaFile)
      },
    },
    'DATABASE_URL in the environment': {
      before: () => void (environment.DATABASE_URL = workspace.database.url),
      change: () => void (environment.DATABASE_URL = other.url),
    },
    'PGHOST, PGPORT and PGDATABASE in the environment': {
      before: () => {
        const { username, password, port } = new URL(workspace.database.url)
        write('.env', toUrl(`postgresql://${username}:${password}@/`))
        Object.assign(environment, { PGHOST: '127.0.0.1', PGPORT: port, PGDATABASE: workspace.database.name })
      },
      change: () => void (environment.PGDATABASE = other.name),
    },
    'Connect to Database': {
      before: () => undefined,
      change: async () => {
        await project.tryUrl(other.url)
      },
    },
  }

  for (const [what, { before, change }] of Object.entries(changes)) {
    it(what, async () => {
      before()
      project = openProject({
        folder: workspace.folder,
        schemaPath: workspace.schemaFile,
        policyPath: path.join(workspace.folder, 'prisma-audit.json'),
        url: null,
        environment,
        secrets: new Secrets(),
      })
      const labels: string[] = []
      const swapAt = (when: RegExp) => {
        labels.length = 0
        return person(when, async () => {
          await change()
          project.surroundingsChanged()
          labels.push((await project.databaseTarget(new AbortController().signal)).label)
        })
      }
      assert.equal((await migrateCommand(project, swapAt(/^Migrate /), MIGRATE)).status, 'done')
      assert.ok(labels[0]?.startsWith(`${other.name} on `), labels[0])
      assert.deepEqual(await columnsOf(workspace.database), ['ownerId', 'updatedAt', 'updatedBy'])
      assert.deepEqual([await hasJournal(other), await columnsOf(other)], [false, []])
      // The next command is for the database that the files name now.
      assert.match((await rollBackCommand(project, swapAt(/^never$/), ROLL_BACK)).message, /nothing to roll back/)
      assert.equal((await columnsOf(workspace.database)).length, 3)
    })
  }
})

async function columnsOf(database: TestDatabase): Promise<unknown[]> {
  const sql = `SELECT column_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name IN ('ownerId', 'updatedAt', 'updatedBy') ORDER BY 1`
  return (await database.query(sql)).map(({ name }) => name)
}
