/** The text of one schema file, by its name. */
export interface GeneratedFile {
  readonly name: string
  readonly text: string
}

/** The same schema for the same number of models: relations, indexes, enums and mapped names, 17 lines a model. */
export function generateSchema(models: number): string {
  return HEAD + blocks(0, models, models).join('')
}

/** The same schema in files of so many models each. */
export function generateSchemaFiles(models: number, modelsInFile: number): GeneratedFile[] {
  const files: GeneratedFile[] = []
  for (let first = 0; first < models; first += modelsInFile) {
    const text = blocks(first, Math.min(first + modelsInFile, models), models).join('')
    files.push({ name: `part${padded(files.length)}.prisma`, text: first === 0 ? HEAD + text : text })
  }
  return files
}

export function modelName(index: number): string {
  return `Entity${padded(index)}`
}

/** No URL: version 7 of Prisma wants none in the schema, and ours is given one. */
const HEAD = `generator client {
  provider = "prisma-client"
  output   = "./generated"
}

datasource db {
  provider = "postgresql"
}

`

const MODELS_TO_AN_ENUM = 25
const MODELS_TO_A_MAPPED_ONE = 5

function blocks(first: number, end: number, models: number): string[] {
  const texts: string[] = []
  for (let index = first; index < end; index++) {
    if (index % MODELS_TO_AN_ENUM === 0) texts.push(enumBlock(index))
    texts.push(modelBlock(index, models))
  }
  return texts
}

function enumBlock(index: number): string {
  return `enum ${enumName(index)} {
  ACTIVE
  PAUSED
  CLOSED
}

`
}

/** Each model points to the one before it; the first points to itself. */
function modelBlock(index: number, models: number): string {
  const name = modelName(index)
  const parent = modelName(Math.max(0, index - 1))
  const children = [...(index === 0 ? [0] : []), ...(index + 1 < models ? [index + 1] : [])]
  const lists = children.map(
    (child) => `  children${child} ${modelName(child)}[] @relation("${modelName(child)}Parent")\n`,
  )
  const isMapped = index % MODELS_TO_A_MAPPED_ONE === 0
  return `model ${name} {
  id        Int       @id @default(autoincrement())
  code      String    @unique @db.VarChar(64)
  name      String
  status    ${enumName(index)} @default(ACTIVE)
  amount    Decimal   @default(0) @db.Decimal(12, 2)
  settings  Json?${isMapped ? '     @map("settings_json")' : ''}
  createdAt DateTime  @default(now())
  updatedAt DateTime  @updatedAt
  parentId  Int?
  parent    ${parent}? @relation("${name}Parent", fields: [parentId], references: [id], onDelete: Cascade)
${lists.join('')}
  @@index([name, createdAt(sort: Desc)])
  @@index([parentId])${isMapped ? `\n  @@map("mapped_${padded(index)}")` : ''}
}

`
}

function enumName(index: number): string {
  return `Status${padded(Math.floor(index / MODELS_TO_AN_ENUM))}`
}

function padded(value: number): string {
  return String(value).padStart(4, '0')
}
