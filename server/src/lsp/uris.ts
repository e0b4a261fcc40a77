import { URI } from 'vscode-uri'

/** The path of a local file, or null for other documents (untitled, in a version control view). */
export function pathOfUri(uri: string): string | null {
  const parsed = URI.parse(uri)
  return parsed.scheme === 'file' ? parsed.fsPath : null
}

export function uriOfPath(path: string): string {
  return URI.file(path).toString()
}
