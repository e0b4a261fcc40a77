const HEAD = `datasource db {
  provider = "postgresql"
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["views", "postgresqlExtensions", "partialIndexes"]
}
`

/** Schemas that together use every construct that has a trace in the database, by what they are about. */
export const CONSTRUCTS: Readonly<Record<string, string>> = {
  'scalar types and their defaults': `${HEAD}
model Scalars {
  id        Int       @id @default(autoincrement())
  text      String    @default("it's \\"quoted\\" \\\\ and :: cast")
  empty     String    @default("")
  yes       Boolean   @default(true)
  no        Boolean   @default(false)
  small     Int       @default(-1)
  big       BigInt    @default(9007199254740993)
  negative  BigInt    @default(-9223372036854775808)
  float     Float     @default(1.50)
  minus     Float     @default(-0.25)
  decimal   Decimal   @default(123456789.987654321)
  time      DateTime  @default(now())
  fixed     DateTime  @default("2020-02-29T12:30:00.000Z")
  json      Json      @default("{\\"b\\": [1, 2.50, null], \\"a\\": \\"it's\\"}")
  bytes     Bytes     @default("SGVsbG8gd29ybGQ=")
  changed   DateTime  @updatedAt
  optional  String?
  maybe     DateTime?
}`,
  'every native type': `${HEAD}
model Native {
  id             Int       @id @default(autoincrement()) @db.Integer
  smallInt       Int       @db.SmallInt
  integer        Int       @db.Integer
  bigInt         BigInt    @db.BigInt
  oid            Int       @db.Oid
  decimal        Decimal   @db.Decimal(10, 2)
  decimalPlain   Decimal   @db.Decimal
  money          Decimal   @db.Money
  real           Float     @db.Real
  double         Float     @db.DoublePrecision
  varChar        String    @db.VarChar(20)
  varCharPlain   String    @db.VarChar
  char           String    @db.Char(3)
  charPlain      String    @db.Char
  text           String    @db.Text
  bit            String    @db.Bit(4)
  bitPlain       String    @db.Bit
  varBit         String    @db.VarBit(8)
  varBitPlain    String    @db.VarBit
  uuid           String    @db.Uuid
  xml            String    @db.Xml
  inet           String    @db.Inet
  byteA          Bytes     @db.ByteA
  timestamp      DateTime  @db.Timestamp(6)
  timestampPlain DateTime  @db.Timestamp
  timestamptz    DateTime  @db.Timestamptz(3)
  timestamptzP   DateTime  @db.Timestamptz
  date           DateTime  @db.Date
  time           DateTime  @db.Time(2)
  timePlain      DateTime  @db.Time
  timetz         DateTime  @db.Timetz(6)
  timetzPlain    DateTime  @db.Timetz
  boolean        Boolean   @db.Boolean
  json           Json      @db.Json
  jsonB          Json      @db.JsonB
}`,
  'native types with defaults': `${HEAD}
model NativeDefaults {
  id      String   @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  small   Int      @default(-7) @db.SmallInt
  fixed   String   @default("00000000-0000-0000-0000-000000000001") @db.Uuid
  money   Decimal  @default(12.5) @db.Decimal(8, 3)
  real    Float    @default(-2.5) @db.Real
  short   String   @default("abc") @db.VarChar(10)
  char    String   @default("ab") @db.Char(4)
  zoned   DateTime @default(now()) @db.Timestamptz(6)
  day     DateTime @default(now()) @db.Date
  clock   DateTime @default(now()) @db.Time(3)
  json    Json     @default("[]") @db.Json
  bits    String   @default("1010") @db.Bit(4)
  net     String   @default("10.0.0.1") @db.Inet
}`,
  'defaults of Prisma Client, and of the database': `${HEAD}
model Generated {
  id      String   @id @default(cuid())
  uuid    String   @default(uuid())
  uuid7   String   @default(uuid(7)) @db.Uuid
  nano    String   @default(nanoid(12))
  ulid    String   @default(ulid())
  cuid2   String   @default(cuid(2))
  server  String   @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  upper   String   @default(dbgenerated("GEN_RANDOM_UUID()")) @db.Uuid
  count   Int      @default(autoincrement())
  bare    String   @default(dbgenerated())
  empty   String?  @default(dbgenerated())
  list    String[] @default(dbgenerated("ARRAY['x'::text]"))
}`,
  'lists and their defaults': `${HEAD}
enum Color {
  RED
  GREEN @map("green-ish")
}
model Lists {
  id       Int        @id
  texts    String[]
  tags     String[]   @default([])
  words    String[]   @default(["a", "b, c", "it's", "\\"q\\"", ""])
  numbers  Int[]      @default([1, -2, 3])
  bigs     BigInt[]   @default([9007199254740993])
  floats   Float[]    @default([1.5, -2])
  decimals Decimal[]  @default([1.10])
  flags    Boolean[]  @default([true, false])
  times    DateTime[] @default(["2020-01-01T00:00:00.000Z"])
  jsons    Json[]     @default(["{\\"a\\": 1}"])
  bytes    Bytes[]    @default(["AQID"])
  colors   Color[]    @default([RED, GREEN])
  uuids    String[]   @default(["00000000-0000-0000-0000-000000000001"]) @db.Uuid
  codes    String[]   @db.VarChar(10)
}`,
  'enums with other names': `${HEAD}
enum Role {
  USER
  ADMIN  @map("the admin")
  OWNER  @map("owner of, all")
  @@map("user_role")
}
enum Unused {
  A
}
model Account {
  id    Int   @id
  role  Role  @default(ADMIN)
  next  Role? @default(OWNER)
  first Role  @default(USER)
  @@map("accounts")
}`,
  'names that the schema gives': `${HEAD}
model Person {
  key       Int     @id(map: "person key") @map("the key")
  email     String  @unique(map: "one email each")
  firstName String  @map("first_name")
  lastName  String  @map("last_name")
  bossKey   Int?    @map("boss")
  boss      Person? @relation("Boss", fields: [bossKey], references: [key], map: "boss of")
  team      Person[] @relation("Boss")
  @@unique([firstName, lastName], name: "fullName", map: "unique names")
  @@index([lastName(sort: Desc), firstName], map: "by name")
  @@index([firstName], name: "old way")
  @@map("people & co")
}`,
  'names over 63 bytes': `${HEAD}
model AVeryLongModelNameThatGoesOnAndOnUntilNobodyKnowsWhereItEnds {
  id                                      Int @id
  anEquallyLongFieldNameThatNobodyShouldEverWrite Int @unique
  another                                 Int
  ownerIdentifierOfTheVeryLongModel       Int
  owner  Other @relation(fields: [ownerIdentifierOfTheVeryLongModel], references: [id])
  others Other[] @relation("ARelationNameThatIsLongEnoughToBeCutSomewhereInTheMiddleOfIt")
  @@unique([another, anEquallyLongFieldNameThatNobodyShouldEverWrite], map: "another way")
  @@index([anEquallyLongFieldNameThatNobodyShouldEverWrite, another])
  @@map("Überlänge_Überlänge_Überlänge_Überlänge_Überlä")
}
model Other {
  id     Int @id
  longs  AVeryLongModelNameThatGoesOnAndOnUntilNobodyKnowsWhereItEnds[]
  longs2 AVeryLongModelNameThatGoesOnAndOnUntilNobodyKnowsWhereItEnds[] @relation("ARelationNameThatIsLongEnoughToBeCutSomewhereInTheMiddleOfIt")
}`,
  'keys of several columns': `${HEAD}
model Tenant {
  region String
  number Int
  users  Member[]
  @@id([region, number])
}
model Member {
  id           Int     @id @default(autoincrement())
  tenantRegion String?
  tenantNumber Int?
  tenant       Tenant? @relation(fields: [tenantRegion, tenantNumber], references: [region, number])
  half         String
  halfNumber   Int?
  @@unique([tenantRegion, id])
  @@index([tenantRegion, tenantNumber(sort: Desc)])
}
model NoKey {
  code String @unique
}
model Ignored {
  note String
  @@ignore
}
model PartlyIgnored {
  id     Int    @id
  hidden String @ignore
}`,
  'referential actions': `${HEAD}
model Parent {
  id Int @id
  a  Child[] @relation("a")
  b  Child[] @relation("b")
  c  Child[] @relation("c")
  d  Child[] @relation("d")
  e  Child[] @relation("e")
  f  Child[] @relation("f")
  g  Child?  @relation("g")
}
model Child {
  id  Int  @id
  aId Int
  bId Int?
  cId Int
  dId Int?
  eId Int  @default(1)
  fId Int
  gId Int? @unique
  a Parent  @relation("a", fields: [aId], references: [id])
  b Parent? @relation("b", fields: [bId], references: [id])
  c Parent  @relation("c", fields: [cId], references: [id], onDelete: Cascade, onUpdate: Restrict)
  d Parent? @relation("d", fields: [dId], references: [id], onDelete: NoAction, onUpdate: NoAction)
  e Parent  @relation("e", fields: [eId], references: [id], onDelete: SetDefault, onUpdate: SetDefault)
  f Parent? @relation("f", fields: [fId], references: [id])
  g Parent? @relation("g", fields: [gId], references: [id], onDelete: SetNull, onUpdate: SetNull)
}`,
  'implicit many-to-many relations': `${HEAD}
model Post {
  id         Int        @id @default(autoincrement())
  categories Category[]
  likedBy    User[]     @relation("Likes")
  savedBy    User[]     @relation("Saves")
}
model Category {
  id    String @id @db.Uuid
  posts Post[]
}
model User {
  id        BigInt @id @map("user_id")
  likes     Post[] @relation("Likes")
  saves     Post[] @relation(name: "Saves")
  follows   User[] @relation("Follows")
  followers User[] @relation("Follows")
  zoos      zoo[]
  @@map("users")
}
model zoo {
  id    String @id @db.VarChar(30)
  users User[]
}`,
  'relations without foreign keys': `datasource db {
  provider     = "postgresql"
  relationMode = "prisma"
}
model A {
  id Int @id
  bs B[]
  cs C[]
}
model B {
  id  Int @id
  aId Int
  a   A   @relation(fields: [aId], references: [id])
  @@index([aId])
}
model C {
  id Int @id
  as A[]
}`,
  'index types and operator classes': `${HEAD}
model Search {
  id       Int      @id
  json     Json
  path     Json
  tags     String[]
  name     String
  code     String   @db.VarChar(20)
  number   Int
  day      DateTime @db.Date
  net      String   @db.Inet
  when     DateTime
  point    Unsupported("point")?
  vector   Unsupported("tsvector")?
  @@index([json], type: Gin)
  @@index([path(ops: JsonbPathOps)], type: Gin)
  @@index([tags], type: Gin, map: "tags_gin")
  @@index([tags(ops: ArrayOps)], type: Gin, map: "tags_ops_gin")
  @@index([name], type: Hash)
  @@index([number(ops: Int4MinMaxOps)], type: Brin, map: "number_brin")
  @@index([number(ops: Int4BloomOps)], type: Brin, map: "number_bloom")
  @@index([day(ops: DateMinMaxMultiOps)], type: Brin)
  @@index([net(ops: InetOps)], type: Gist)
  @@index([net(ops: InetOps)], type: SpGist, map: "net_spgist")
  @@index([point], type: Gist)
  @@index([vector], type: Gin)
  @@index([name, number(sort: Desc)])
  @@index([when(sort: Desc)])
  @@unique([code(sort: Desc), number])
}`,
  'partial indexes': `${HEAD}
model Job {
  id     Int     @id
  status String
  open   Boolean
  owner  String? @unique(where: raw("open"))
  number Int
  @@index([status], where: raw("status = 'active'"))
  @@index([number], where: raw("number > 5 AND open"), map: "busy")
  @@unique([status, number], where: { open: true })
  @@index([owner], where: { open: false, owner: { not: null } }, map: "owned")
  @@index([owner], where: { status: "it's", owner: null }, map: "unowned")
  @@index([open], where: { number: { not: 5 } }, map: "not_five")
}`,
  'unsupported types': `${HEAD}
model Shape {
  id      Int                             @id
  circle  Unsupported("circle")
  box     Unsupported("box")?
  range   Unsupported("int4range")        @default(dbgenerated("'[1,5)'::int4range"))
  search  Unsupported("tsvector")?        @default(dbgenerated("''::tsvector"))
  path    Unsupported("path")[]
  gap     Unsupported("interval")?
}`,
  extensions: `datasource db {
  provider   = "postgresql"
  extensions = [citext, pg_trgm(schema: "public"), uuidOssp(map: "uuid-ossp")]
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["postgresqlExtensions"]
}
model Account {
  id    String @id @default(dbgenerated("uuid_generate_v4()")) @db.Uuid
  email String @unique @db.Citext
  name  String @default("x") @db.Citext
  words String[] @db.Citext
  @@index([name(ops: raw("gin_trgm_ops"))], type: Gin)
}`,
  'several schemas': `datasource db {
  provider = "postgresql"
  schemas  = ["public", "auth", "Shop"]
}
enum Role {
  A
  @@schema("auth")
}
enum Kind {
  A
  @@schema("Shop")
}
model User {
  id     Int     @id
  role   Role    @default(A)
  orders Order[]
  items  Item[]
  @@schema("auth")
}
model Order {
  id     Int  @id
  kind   Kind
  role   Role
  userId Int
  user   User @relation(fields: [userId], references: [id])
  @@schema("Shop")
}
model Item {
  id    Int    @id
  users User[]
  @@schema("public")
}`,
  'names in every alphabet': `${HEAD}
model Größe {
  id    Int    @id
  größe String @unique @map("größe €")
  name  String @map("select")
  @@index([größe, name])
  @@map("Tabelle mit Leerzeichen; DROP")
}`,
}
