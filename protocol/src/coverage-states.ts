/** `unknown` if the schema has it and the database cannot be read. */
export type CoverageState = 'complete' | 'partial' | 'missing' | 'unknown' | 'ignored' | 'not required'

export interface CoveragePart {
  readonly name: 'schema' | 'column' | 'key' | 'index' | 'trigger'
  readonly state: CoveragePartState
}

/** `faulty`: exists but is not effective, such as an invalid index, a key that is not validated, a disabled trigger. */
export type CoveragePartState = 'present' | 'missing' | 'faulty' | 'unknown'
