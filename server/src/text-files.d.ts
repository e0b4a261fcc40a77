/** A `.txt` file is imported as its text (esbuild's text loader). */
declare module '*.txt' {
  const text: string
  export default text
}
