import assert from 'node:assert/strict'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { findings } from './compare-support'

describe('compare: what is new in PostgreSQL 18', () => {
  const server = usePostgres()

  it('virtual columns, keys WITHOUT OVERLAPS, constraints NOT ENFORCED, and NOT NULL that is not validated', async () => {
    if (server.majorVersion < 18) return
    const schema = `datasource db {
  provider = "postgresql"
}
model Room {
  id    Int     @id
  name  String
  upper String?
  total Int?    @default(dbgenerated("(id + 1)"))
  stays Stay[]  @ignore
}
model Stay {
  roomId Int
  during Unsupported("daterange")
  until  Unsupported("daterange")
  guests Int
  other  Int
  room   Room @relation(fields: [roomId], references: [id])
  @@id([roomId, during])
  @@ignore
}
`
    const database = await server.createDatabase(
      `CREATE EXTENSION btree_gist;
       CREATE TABLE "Room" (id int CONSTRAINT "Room_pkey" PRIMARY KEY, name text CONSTRAINT name_there NOT NULL,
         upper text GENERATED ALWAYS AS (upper(name)) VIRTUAL, total int GENERATED ALWAYS AS (id + 1) VIRTUAL);
       CREATE TABLE "Stay" ("roomId" int NOT NULL, during daterange NOT NULL, until daterange NOT NULL, guests int NOT NULL, other int,
         CONSTRAINT "Stay_pkey" PRIMARY KEY ("roomId", during WITHOUT OVERLAPS),
         CONSTRAINT stay_until UNIQUE (guests, until WITHOUT OVERLAPS),
         CONSTRAINT "Stay_roomId_fkey" FOREIGN KEY ("roomId") REFERENCES "Room" ON DELETE RESTRICT ON UPDATE CASCADE NOT ENFORCED,
         CONSTRAINT loose CHECK (guests > 0) NOT ENFORCED, CONSTRAINT late CHECK (guests < 9));
       ALTER TABLE "Stay" ADD CONSTRAINT other_there NOT NULL other NOT VALID;
       CREATE TABLE past ("roomId" int, during daterange, FOREIGN KEY ("roomId", PERIOD during) REFERENCES "Stay" ("roomId", PERIOD during))`,
    )
    const { text } = await prismaDiff(schema, database.url)
    assert.deepEqual(
      [...text.matchAll(/(?:column|key|index) (?:on columns )?[`(](.*?)[`)]/g)].map(([, name]) => name),
      ['upper', 'roomId, during', 'roomId, during'],
    )
    const found = (await findings(schema, database.url)).filter(({ severity }) => severity !== 'hint')
    assert.deepEqual(
      found.map(({ code, severity, column, object, actual }) =>
        [severity, code, column ?? object ?? '', '|', actual ?? ''].join(' '),
      ),
      [
        'information table-unmapped  | table "past"',
        'information column-default upper | generated always as (upper(name))',
        'information primary-key Stay_pkey | primary key ("roomId", during without overlaps)',
        'warning constraint-not-validated Stay_roomId_fkey | not enforced',
        'warning constraint-not-validated loose | not enforced',
        'warning constraint-not-validated other_there | not valid',
        'information index-unmapped stay_until | unique gist (guests, until)',
        'information check-unmapped late | CHECK ((guests < 9))',
      ],
    )
  })
})
