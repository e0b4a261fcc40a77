/**
 * The secrets of a test, for everything that it shows: values of environment variables that requests contain, and the
 * tokens and cookies of its logins. An application may return or print them in full, or where our text is cut.
 */
export class SecretValues {
  private forms: readonly string[] = []

  /** Values of fewer than `least` characters are words and numbers: hiding those would hide what is wrong. */
  add(value: string, least = 4): void {
    const forms = [value, value.trim()].filter((each) => each.length >= least).flatMap(formsOf)
    // The longest first, so that no part of one remains if another is its prefix.
    this.forms = [...new Set([...this.forms, ...forms])].sort((left, right) => right.length - left.length)
  }

  /** To be called before a text is cut: what remains of a value at the cut would not be found. */
  hide(text: string): string {
    return this.forms.reduce((hidden, form) => hidden.replaceAll(form, '*****'), text)
  }
}

/**
 * As it is, in JSON (also all in ASCII, and within another JSON text), in a URL or a form, in HTML, in hexadecimal
 * digits, and in base64, where the encoded text may have something before it (`Basic` encodes `user:password`).
 */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const inJson = JSON.stringify(value).slice(1, -1)
  const inAscii = inJson.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const inUrls = [encodeURIComponent(bytes.toString()), new URLSearchParams([['', value]]).toString().slice(1)]
  const inHtml = value.replace(/[&<>"]/g, (character) => HTML[character] ?? character)
  const hex = bytes.toString('hex')
  return [
    ...[value, inJson, inAscii, JSON.stringify(inJson).slice(1, -1)],
    ...inUrls.flatMap((each) => [each, each.replace(/%../g, (code) => code.toLowerCase())]),
    ...["'", '&#39;', '&#x27;', '&apos;'].map((quote) => inHtml.replaceAll("'", quote)),
    ...[hex, hex.toUpperCase()],
    ...[0, 1, 2].flatMap((before) => inBase64(bytes, before)),
  ]
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** The characters that do not depend on what stands before it, of that many bytes (or three more), or behind it. */
function inBase64(bytes: Buffer, before: number): string[] {
  const start = Math.ceil((before * 8) / 6)
  const end = Math.floor(((before + bytes.length) * 8) / 6)
  const encoded = Buffer.concat([Buffer.alloc(before), bytes])
  return (['base64', 'base64url'] as const).map((encoding) => encoded.toString(encoding).slice(start, end))
}
