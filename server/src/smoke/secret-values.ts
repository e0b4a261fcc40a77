/**
 * The secrets of a test, for everything that it shows: values of environment variables that requests contain, and the
 * tokens and cookies of its logins. An application may return or print them in full, or where our text is cut.
 */
export class SecretValues {
  private forms: readonly string[] = []

  /** Values of fewer than `least` characters are words and numbers: hiding those would hide what is wrong. */
  add(value: string, least = 4): void {
    const forms = [value, value.trim()].flatMap(formsOf).filter((form) => form.length >= least)
    // The longest first, so that no part of one remains if another is its prefix.
    this.forms = [...new Set([...this.forms, ...forms])].sort((left, right) => right.length - left.length)
  }

  /** To be called before a text is cut: what remains of a value at the cut would not be found. */
  hide(text: string): string {
    return this.forms.reduce((hidden, form) => hidden.replaceAll(form, '*****'), text)
  }
}

/** As it is, in JSON, in a JSON text within JSON, and in a URL. */
function formsOf(value: string): string[] {
  const inJson = JSON.stringify(value).slice(1, -1)
  return [value, inJson, JSON.stringify(inJson).slice(1, -1), encodeURIComponent(Buffer.from(value).toString())]
}
