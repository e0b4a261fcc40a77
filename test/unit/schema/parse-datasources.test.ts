import assert from 'node:assert/strict'
import { datasourceSettingsOf } from '../../../server/src/schema/lookup'
import { parseDatasources } from '../../../server/src/schema/parse-datasources'
import { parseSchema } from '../../../server/src/schema/parse-schema'

describe('Parsing the datasource alone', () => {
  const DATASOURCE = 'datasource db {\n  provider = "postgresql"\n  url = env("DB}")\n  schemas = ["a", "b"]\n}\n'
  const MODEL = 'model A {\n  id Int @id\n  datasource String\n}\n'

  const check = (text: string): void => {
    const files = [{ path: 'schema.prisma', text }]
    assert.deepEqual(datasourceSettingsOf(parseDatasources(files)), datasourceSettingsOf(parseSchema(files)))
  }

  it('says the same of it as parsing the whole schema', () => {
    check(DATASOURCE + MODEL)
    check(MODEL + DATASOURCE)
    check((MODEL + DATASOURCE).replaceAll('\n', '\r\n'))
    check(MODEL)
    check(`// ${DATASOURCE.replaceAll('\n', '\n// ')}\n${MODEL}`)
    check(`/* ${DATASOURCE} */\n${MODEL}`)
    check(`datasource db {\n  // }\n  provider = "postgresql"\n  schemas = [\n    "a"\n  ]\n}\n`)
    check('datasource db {\n  url = "postgresql://localhost"\n\nmodel A {\n  id Int @id\n}\n')
    check('datasource db { provider = "postgresql" }\n')
    check(`datasource db { provider = "postgresql" }\n${MODEL}`)
    check(`enum E {\n  A\n} ${DATASOURCE}`)
    check(`// use prisma-next\n${DATASOURCE}`)
    check('  datasource db {\n    provider = "postgresql"\n    schemas = ["x"]\n  }\n')
  })

  it('leaves out the models', () => {
    const [file] = parseDatasources([{ path: 'schema.prisma', text: MODEL + DATASOURCE }]).files
    assert.deepEqual(
      file?.blocks.map(({ block }) => block.kind),
      ['datasource'],
    )
  })
})
