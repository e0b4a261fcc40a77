import v8 from 'node:v8'

/**
 * Keeps a process small that lives as long as the editor does and works in short bursts. V8 by itself lets what died lie
 * until it is several times what lives, which makes a quarter of a gigabyte of a schema of a thousand models.
 *
 * What is young gets four megabytes of room instead of sixteen: most of what a keystroke makes has died when that is
 * full. What is old is looked through, mostly in the background, when it has grown by a quarter.
 *
 * V8 reads both settings anew each time (`NewSpace::Grow`, `MemoryController::GrowingFactor`), so that they can be set
 * in a process that runs, which is how the server is started by whoever starts it.
 */
export function keepHeapSmall(): void {
  v8.setFlagsFromString('--heap-growing-percent=25')
  v8.setFlagsFromString('--semi-space-growth-factor=2')
  growYoungSpace()
  v8.setFlagsFromString('--semi-space-growth-factor=1')
}

/** Bytes: twice the room, since what lives is copied from one half to the other. */
const YOUNG_SPACE = 8 * 1024 * 1024

/** V8 gives the young more room each time that more of them lived on than there was room for. */
function growYoungSpace(): void {
  const living: unknown[] = []
  while (youngSpace() < YOUNG_SPACE && living.length < MOST_PAGES) living.push(new Array(PAGE).fill(null))
}

/** Words of eight bytes: a quarter of a megabyte would count as large, and large objects are kept elsewhere. */
const PAGE = 8 * 1024

/** 32 MB: where V8 does otherwise than it did, it is left alone. */
const MOST_PAGES = 512

function youngSpace(): number {
  return v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? Infinity
}
