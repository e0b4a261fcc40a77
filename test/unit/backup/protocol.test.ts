import assert from 'node:assert/strict'
import { ENCRYPTION_REFUSED, greeting, MessageReader, wantsAnswer } from '../../../server/src/backup/built-in/protocol'

describe('MessageReader', () => {
  const encryptionRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
  const startup = Buffer.from([0, 0, 0, 9, 0, 3, 0, 0, 0])
  const query = (text: string) => {
    const message = Buffer.alloc(6 + text.length)
    message.write('Q')
    message.writeInt32BE(5 + text.length, 1)
    message.write(text, 5)
    return message
  }
  const stream = Buffer.concat([encryptionRequest, startup, query('SELECT 1'), query('x'.repeat(10_000)), query('')])

  for (const size of [1, 7, 8, 4096, stream.length]) {
    it(`finds the messages of a stream in pieces of ${String(size)} bytes`, () => {
      const reader = new MessageReader(true)
      const found = []
      for (let start = 0; start < stream.length; start += size) {
        found.push(...reader.read(Uint8Array.from(stream.subarray(start, start + size))))
      }
      assert.deepEqual(
        found.map(({ type }) => type),
        ['encryption', 'startup', 'Q', 'Q', 'Q'],
      )
      assert.deepEqual(Buffer.concat(found.map(({ bytes }) => bytes)), stream)
    })
  }

  it('takes only a request for encryption for one', () => {
    const typeOf = (...bytes: number[]) => new MessageReader(true).read(Uint8Array.from(bytes)).map(({ type }) => type)
    assert.deepEqual(typeOf(0, 0, 0, 8, 4, 210, 22, 47), ['encryption'])
    assert.deepEqual(typeOf(0, 0, 0, 8, 4, 210, 22, 48), ['encryption'])
    assert.deepEqual(typeOf(0, 0, 0, 8, 0, 3, 0, 0), ['startup'])
    assert.deepEqual(typeOf(0, 0, 0, 9, 4, 210, 22, 47, 0), ['startup'])
    assert.equal(Buffer.from(ENCRYPTION_REFUSED).toString(), 'N')
  })

  it('knows which messages the server answers with ReadyForQuery', () => {
    assert.deepEqual(Array.from('QSFPBEDCHdcfpX').filter(wantsAnswer), ['Q', 'S', 'F'])
  })
})

describe('greeting', () => {
  it('lets in, reports the parameters and is ready', () => {
    const messages = new MessageReader().read(greeting(new Map([['server_version', '15.18']])))
    assert.equal(messages.map(({ type }) => type).join(''), 'RSKZ')
    assert.equal(messages[3]?.bytes.subarray(5).toString(), 'I')
    assert.equal(messages[1]?.bytes.subarray(5).toString(), 'server_version\0' + '15.18\0')
  })
})
