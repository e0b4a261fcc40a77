/** Whether a file with this name is code that people write. Declaration files are not. */
export function isSourceName(name: string): boolean {
  return SOURCE.test(name) && !/\.d\.[cm]?ts$|\.min\.js$/.test(name)
}

const SOURCE = /\.(?:[cm]?[jt]sx?|vue|svelte|graphqls?|gql)$/

/** The same for an editor, as a glob. */
export const SOURCE_GLOB = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte,graphql,graphqls,gql}'

export function isJavaScript(name: string): boolean {
  return /\.[cm]?jsx?$/.test(name)
}

export function isComponent(name: string): boolean {
  return /\.(?:vue|svelte)$/.test(name)
}

export function isGraphQL(name: string): boolean {
  return /\.(?:graphqls?|gql)$/.test(name)
}
