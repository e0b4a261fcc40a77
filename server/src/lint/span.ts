/** From `start` to before `end`, in UTF-16 code units from the start of the script. */
export interface Span {
  readonly start: number
  readonly end: number
}
