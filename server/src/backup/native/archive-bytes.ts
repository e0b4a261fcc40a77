import { phrase } from '../../text/phrase'
import fs from 'node:fs/promises'
import { archiveUnreadable } from '../errors'

/** Reads an archive sequentially, like pg_dump's own functions, in constant memory. */
export class ArchiveBytes {
  /** Position of the next byte. */
  place = 0
  private readonly buffer = Buffer.alloc(SIZE)
  private start = 0
  private length = 0
  private integerSize = 0
  private offsetSize = 0

  private constructor(
    private readonly file: string,
    private readonly handle: fs.FileHandle,
    readonly size: number,
  ) {}

  /** Keeps the file open during the work. */
  static async read<Result>(file: string, work: (bytes: ArchiveBytes) => Promise<Result>): Promise<Result> {
    const handle = await fs.open(file)
    try {
      return await work(new ArchiveBytes(file, handle, (await handle.stat()).size))
    } finally {
      await handle.close()
    }
  }

  /**
   * The sizes of an integer and of an offset, from the archive itself. Throws `backup-unreadable` for sizes that no
   * machine has.
   */
  setSizes(integer: number, offset: number): void {
    if (![4, 8].includes(integer) || ![4, 8].includes(offset)) throw this.broken()
    this.integerSize = integer
    this.offsetSize = offset
  }

  async byte(): Promise<number> {
    if (!this.has(1)) await this.fill(1)
    return this.buffer.readUInt8(this.place++ - this.start)
  }

  async integer(): Promise<number> {
    const size = this.integerSize
    if (!this.has(1 + size)) await this.fill(1 + size)
    const at = this.place - this.start
    this.place += 1 + size
    const value = this.buffer.readUIntLE(at + 1, Math.min(size, 6))
    return this.buffer.readUInt8(at) === 0 ? value : -value
  }

  async offset(): Promise<number> {
    const size = this.offsetSize
    if (!this.has(size)) await this.fill(size)
    const at = this.place - this.start
    this.place += size
    return this.buffer.readUIntLE(at, Math.min(size, 6))
  }

  /** Null differs from the empty string. */
  async text(): Promise<string | null> {
    const length = await this.integer()
    if (length < 0) return null
    if (length > LONGEST_NAME) {
      this.skip(length)
      return ''
    }
    return await this.buffered(length)
  }

  /** A text of any length; empty if there is none. */
  async sql(): Promise<string> {
    const length = Math.max(0, await this.integer())
    if (length <= SIZE) return await this.buffered(length)
    const start = this.place
    this.skip(length)
    if (length > LONGEST_SQL) throw archiveUnreadable(this.file, phrase`A part of its SQL has more than 64 MB.`)
    const { buffer, bytesRead } = await this.handle.read(Buffer.alloc(length), 0, length, start)
    if (bytesRead < length) throw this.broken()
    return buffer.toString('utf8')
  }

  async skipText(): Promise<void> {
    this.skip(Math.max(0, await this.integer()))
  }

  skip(count: number): void {
    this.place += count
    if (count < 0 || this.place > this.size) throw this.broken()
  }

  private async buffered(length: number): Promise<string> {
    if (!this.has(length)) await this.fill(length)
    const at = this.place - this.start
    this.place += length
    return this.buffer.toString('utf8', at, at + length)
  }

  private has(count: number): boolean {
    return this.place >= this.start && this.place + count <= this.start + this.length
  }

  private async fill(count: number): Promise<void> {
    const { bytesRead } = await this.handle.read(this.buffer, 0, SIZE, this.place)
    this.start = this.place
    this.length = bytesRead
    if (bytesRead < count) throw this.broken()
  }

  private broken(): Error {
    return archiveUnreadable(
      this.file,
      phrase`It ends too early, or its bytes at ${String(this.place)} are not those of an archive.`,
    )
  }
}

const SIZE = 256 * 1024

/** Bytes. */
const LONGEST_SQL = 64_000_000

/** Bytes. The names needed here are far shorter. */
const LONGEST_NAME = 1000
