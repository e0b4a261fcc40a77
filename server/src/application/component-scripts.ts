/** The TypeScript or JavaScript of a Vue or Svelte component. */
export interface ComponentScripts {
  /** The component with everything but its scripts replaced by spaces, so that offsets and lines stay the same. */
  readonly text: string
  /** `lang="ts"`, `lang="tsx"`; null for JavaScript. */
  readonly language: string | null
}

/** Reads `<script>` and `<script setup>`, or Svelte's `<script module>`: together they are one module. */
export function componentScripts(text: string): ComponentScripts {
  let blanked = ''
  let from = 0
  let language: string | null = null
  for (const match of text.matchAll(SCRIPT)) {
    const [whole, attributes, body] = match
    // Not a script in a comment of the template.
    if (attributes === undefined || body === undefined) continue
    const end = match.index + whole.lastIndexOf('</')
    const start = end - body.length
    blanked += blank(text.slice(from, start)) + body
    from = end
    language = /\blang\s*=\s*["']?(tsx?)\b/.exec(attributes)?.[1] ?? language
  }
  return { text: blanked + blank(text.slice(from)), language }
}

/** What is never closed ends with the text: otherwise each opening would be searched to the end. */
const SCRIPT =
  /<!--[\s\S]*?(?:-->|$)|<script\b([^>"']*(?:(?:"[^"]*(?:"|$)|'[^']*(?:'|$))[^>"']*)*)(?:$|>(?:([\s\S]*?)<\/script\s*>|[\s\S]*))/gi

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ')
}
