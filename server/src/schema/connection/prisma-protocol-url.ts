/**
 * The URL of the PostgreSQL server behind a `prisma+postgres://localhost` URL: `prisma dev` puts it into `api_key`, and
 * Prisma's engine takes it from there. Any other URL as it is. Never throws.
 */
export function withoutPrismaDev(url: string): string {
  if (!isLocal(url)) return url
  const key = new URL(url).searchParams.get('api_key') ?? ''
  try {
    const content = JSON.parse(Buffer.from(key, 'base64url').toString('utf8')) as { databaseUrl?: unknown } | null
    const direct = content?.databaseUrl
    return typeof direct === 'string' && /^postgres(?:ql)?:\/\//.test(direct) ? direct : url
  } catch {
    // An invalid API key: connecting reports the error.
    return url
  }
}

/** Prisma's own protocol, that of Prisma Accelerate and Prisma Postgres, which no PostgreSQL client speaks. */
export function isOfPrismaProtocol(url: string): boolean {
  return /^\s*prisma(?:\+postgres)?:\/\//i.test(url)
}

function isLocal(url: string): boolean {
  if (!url.startsWith('prisma+postgres://') || !URL.canParse(url)) return false
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
