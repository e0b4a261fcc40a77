/** Is a file of this name TypeScript or JavaScript that people write? Declarations have no code. */
export function isSourceName(name: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(name) && !/\.d\.[cm]?ts$|\.min\.js$/.test(name)
}

export function isJavaScript(name: string): boolean {
  return /\.[cm]?jsx?$/.test(name)
}
