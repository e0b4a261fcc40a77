import type { ProjectOptions } from './project'

const datasource = 'datasource db {\n  provider = "postgresql"\n}\n'
const user = (key: string) => `${datasource}model User {\n  id ${key}\n  email String @unique\n}\n`
const lead = 'model Lead {\n  id Int @id @default(autoincrement())\n}\n'
const everywhere = [{ models: ['*'], require: ['updatedAt', 'updatedBy', 'ownerId'] }]

/** Projects that a plan must be right for: each goes up, is proven, shows Prisma no drift, and goes back. */
export const CASES: Readonly<Record<string, ProjectOptions>> = {
  'uuid keys': {
    schema: user('String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid') + lead,
    policy: { rules: everywhere },
    sql: `INSERT INTO "User" (email) VALUES ('b'), ('a'); INSERT INTO "Lead" SELECT FROM generate_series(1, 10)`,
  },
  'text keys, a composite key, and twice as many rows as a batch holds': {
    schema: `${user('String @id')}model Lead {\n  a String\n  b Int\n  @@id([a, b])\n}\n`,
    policy: { rules: everywhere },
    sql: `INSERT INTO "User" VALUES ('bob', 'b'), ('amy', 'a');
      INSERT INTO "Lead" SELECT 'x' || i % 7, i FROM generate_series(1, 4000) AS i`,
  },
  'bigint keys, and owners that are required and found by an SQL expression': {
    schema: user('BigInt @id') + lead,
    policy: {
      rules: [{ models: ['Lead'], require: ['ownerId'] }],
      fields: {
        ownerId: {
          required: true,
          onDelete: 'Restrict',
          populate: { sql: `(SELECT max(u.id) FROM "User" u WHERE u.id > "Lead"."id" + 10) -- the newest` },
        },
      },
    },
    sql: `INSERT INTO "User" VALUES (5000000000, 'b'), (6000000000, 'a'); INSERT INTO "Lead" SELECT FROM generate_series(1, 5)`,
  },
  'no populate, no trigger, no index, no relation': {
    schema: user('Int @id') + lead,
    policy: {
      rules: everywhere,
      fields: {
        updatedAt: { trigger: false, index: false },
        updatedBy: { relation: false, index: false },
        ownerId: { relation: false, index: false, populate: 'none' },
      },
    },
    sql: `INSERT INTO "Lead" SELECT FROM generate_series(1, 5)`,
  },
  'when rows were created, and by whom, which nobody knows of the old ones': {
    schema: user('Int @id') + lead,
    policy: { rules: [{ models: ['*'], require: ['createdAt', 'createdBy', 'updatedAt', 'updatedBy'] }] },
    sql: `INSERT INTO "User" VALUES (1, 'a'); INSERT INTO "Lead" SELECT FROM generate_series(1, 5)`,
  },
  'when rows were created, required, from another column; and a field that the schema has': {
    schema: `${user('Int @id')}model Lead {
  id Int @id @default(autoincrement())
  day DateTime @db.Date
}
model Note {
  id Int @id
  createdAt DateTime @default(now()) @db.Timestamptz(6)
}
`,
    ddl: `CREATE TABLE "User" (id integer NOT NULL, email text NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY (id));
      CREATE UNIQUE INDEX "User_email_key" ON "User" (email);
      CREATE TABLE "Lead" (id serial NOT NULL, day date NOT NULL, CONSTRAINT "Lead_pkey" PRIMARY KEY (id));
      CREATE TABLE "Note" (id integer NOT NULL, CONSTRAINT "Note_pkey" PRIMARY KEY (id))`,
    policy: {
      rules: [{ models: ['Lead', 'Note'], require: ['createdAt'] }],
      fields: { createdAt: { index: false, required: true, populate: { sql: `timestamp '2020-02-02 20:20'` } } },
    },
    sql: `INSERT INTO "Lead" (day) SELECT '2020-01-01' FROM generate_series(1, 5); INSERT INTO "Note" VALUES (1)`,
  },
  'a partitioned table without a primary key, and the users partitioned too': {
    schema: `${datasource}model User {
  id BigInt @id
}
model Log {
  day Int @unique
  data Json @db.Json
}
`,
    ddl: `CREATE TABLE "User" (id bigint NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY (id)) PARTITION BY HASH (id);
      CREATE TABLE "User_0" PARTITION OF "User" FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE "User_1" PARTITION OF "User" FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      CREATE TABLE "Log" (day integer NOT NULL, data json NOT NULL) PARTITION BY RANGE (day);
      CREATE UNIQUE INDEX "Log_day_key" ON "Log" (day);
      CREATE TABLE "Log_1" PARTITION OF "Log" FOR VALUES FROM (0) TO (10);
      CREATE TABLE "Log_2" PARTITION OF "Log" DEFAULT`,
    policy: { rules: everywhere },
    sql: `INSERT INTO "User" SELECT generate_series(1, 20);
      INSERT INTO "Log" SELECT i, '{}' FROM generate_series(1, 300) AS i`,
  },
  'a self-reference on users with varchar keys, row security, identity and generated columns, a domain type': {
    schema: `${datasource}model User {
  id String @id @db.VarChar(12)
  name String?
  loud String? @default(dbgenerated())
  @@map("select")
}
model Lead {
  id BigInt @id @default(autoincrement())
  email String?
}
`,
    ddl: `CREATE DOMAIN address AS text CHECK (VALUE LIKE '%@%');
      CREATE TABLE "select" (id varchar(12) NOT NULL, name text, loud text GENERATED ALWAYS AS (upper(name)) STORED,
        CONSTRAINT select_pkey PRIMARY KEY (id));
      CREATE TABLE "Lead" (id bigint GENERATED ALWAYS AS IDENTITY, email address, CONSTRAINT "Lead_pkey" PRIMARY KEY (id));
      ALTER TABLE "Lead" ENABLE ROW LEVEL SECURITY; ALTER TABLE "Lead" FORCE ROW LEVEL SECURITY;
      CREATE POLICY nobody ON "Lead" USING (true)`,
    policy: { rules: everywhere, fields: { ownerId: { required: true, onDelete: 'Restrict' } } },
    sql: `INSERT INTO "select" (id, name) VALUES ('b', 'x'), ('a', 'y'); INSERT INTO "Lead" (email) SELECT i || '@x' FROM generate_series(1, 50) AS i`,
  },
  'triggers that are there under other names, and functions of our name with another body': {
    schema: user('Int @id') + lead,
    ddl: `CREATE TABLE "User" (id integer NOT NULL, email text NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY (id));
      CREATE UNIQUE INDEX "User_email_key" ON "User" (email);
      CREATE TABLE "Lead" (id serial NOT NULL, CONSTRAINT "Lead_pkey" PRIMARY KEY (id));
      CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER a_log BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION log();
      CREATE TRIGGER z_log AFTER INSERT OR UPDATE OR DELETE ON "Lead" FOR EACH ROW EXECUTE FUNCTION log()`,
    policy: { rules: everywhere },
    sql: `INSERT INTO "User" VALUES (1, 'a'); INSERT INTO "Lead" SELECT FROM generate_series(1, 20)`,
  },
  'no primary key, and a json column': {
    schema: `${user('Int @id')}model Lead {
  code Int @unique
  data Json @db.Json
}
`,
    ddl: `CREATE TABLE "User" (id integer NOT NULL, email text NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY (id));
      CREATE UNIQUE INDEX "User_email_key" ON "User" (email);
      CREATE TABLE "Lead" (code integer NOT NULL, data json NOT NULL);
      CREATE UNIQUE INDEX "Lead_code_key" ON "Lead" (code)`,
    policy: { rules: everywhere },
    sql: `INSERT INTO "User" VALUES (2, 'b'), (1, 'a');
      INSERT INTO "Lead" SELECT i, json_build_object('text', repeat('x', 300)) FROM generate_series(1, 3000) AS i`,
  },
  'fields that the schema has already, under other names, with a default': {
    schema: `${datasource}model User {
  id Int @id
  updatedAt DateTime @default(now()) @updatedAt @map("changed_at") @db.Timestamptz(6)
  updatedById Int?
  updatedBy User? @relation("UserUpdatedBy", fields: [updatedById], references: [id], onDelete: NoAction, map: "user_changed_by")
  updatedUsers User[] @relation("UserUpdatedBy")
  @@index([updatedById], map: "user_changed_by_index")
  @@map("users")
}
`,
    ddl: 'CREATE TABLE users (id integer NOT NULL, CONSTRAINT users_pkey PRIMARY KEY (id))',
    policy: { rules: [{ models: ['User'], require: ['updatedAt', 'updatedBy'] }] },
    sql: 'INSERT INTO users VALUES (1)',
  },
  'names with quotes, Unicode, upper case, dollars and many bytes, in two schemas with the same table name': {
    schema: `datasource db {
  provider = "postgresql"
  schemas  = ["public", "crm"]
}
model User {
  id Int @id(map: "user key") @map("the \\"key\\"")
  @@map("Üser \\"$$\\" $block$ SELECT")
  @@schema("crm")
}
model Lead {
  id Int @id(map: "lead key") @map("ORDER")
  updatedAt DateTime @updatedAt @map("updated_at") @db.Timestamptz(6)
  @@map("'; DROP TABLE x; -- :foo")
  @@schema("crm")
}
model Task {
  id Int @id(map: "task key")
  @@map("a table whose name is so long that those of its indexes")
  @@schema("crm")
}
model Shadow {
  id Int @id(map: "shadow key")
  @@map("Üser \\"$$\\" $block$ SELECT")
  @@schema("public")
}
`,
    policy: {
      rules: [{ models: ['Lead', 'Task', 'User'], require: ['updatedAt', 'updatedBy', 'ownerId'] }],
      fields: { updatedAt: { column: 'geändert am' }, ownerId: { column: 'owner' } },
    },
    schemas: ['public', 'crm'],
    ddl: `CREATE SCHEMA crm;
      CREATE TABLE crm."Üser ""$$"" $block$ SELECT" ("the ""key""" integer NOT NULL CONSTRAINT "user key" PRIMARY KEY);
      CREATE TABLE crm."'; DROP TABLE x; -- :foo" ("ORDER" integer NOT NULL CONSTRAINT "lead key" PRIMARY KEY);
      CREATE TABLE crm."a table whose name is so long that those of its indexes" (id integer NOT NULL CONSTRAINT "task key" PRIMARY KEY);
      CREATE TABLE public."Üser ""$$"" $block$ SELECT" (id integer NOT NULL CONSTRAINT "shadow key" PRIMARY KEY)`,
    sql: `INSERT INTO crm."Üser ""$$"" $block$ SELECT" VALUES (7), (3);
      INSERT INTO crm."'; DROP TABLE x; -- :foo" SELECT generate_series(1, 3);
      INSERT INTO crm."a table whose name is so long that those of its indexes" VALUES (1)`,
  },
  'fields of users that a trigger fills with the user who acts': {
    schema: `${datasource}model User {
  id String @id @db.Uuid
}
model Lead {
  id Int @id
  name String?
}
`,
    policy: {
      rules: [{ models: ['Lead'], require: ['updatedAt', 'updatedBy', 'ownerId'] }],
      fields: { ownerId: { populate: 'none' } },
      actor: { trigger: true, ownerId: true },
    },
    sql: `INSERT INTO "User" VALUES ('00000000-0000-0000-0000-000000000001'); INSERT INTO "Lead" VALUES (1)`,
  },
}
