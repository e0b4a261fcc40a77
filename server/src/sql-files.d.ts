/** A `.sql` file is imported as its text (esbuild's text loader). */
declare module '*.sql' {
  const text: string
  export default text
}
