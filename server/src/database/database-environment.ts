import net from 'node:net'
import { describeUrl } from './describe-url'

/** What a database is for, the least to lose first. `sandbox`: made by us for this project, and gone with it. */
export type DatabaseEnvironment = (typeof ENVIRONMENTS)[number]

export const ENVIRONMENTS = ['sandbox', 'local', 'development', 'staging', 'production'] as const

/** What a person can say of a database. */
export type SaidEnvironment = (typeof SAID_ENVIRONMENTS)[number]

export const SAID_ENVIRONMENTS = ['development', 'staging', 'production'] as const

/** Of several words about one database that counts by which most is at stake; null where there is none. */
export function strictestEnvironment<Environment extends DatabaseEnvironment>(
  given: readonly (Environment | null | undefined)[],
): Environment | null {
  const known = given.filter((each) => each !== null && each !== undefined)
  return known.reduce<Environment | null>(
    (strictest, each) =>
      strictest === null || ENVIRONMENTS.indexOf(each) > ENVIRONMENTS.indexOf(strictest) ? each : strictest,
    null,
  )
}

/**
 * Does the URL name this machine: a Unix socket, `localhost` or a loopback address? No other name is looked up, since what it
 * leads to may be another thing a moment later.
 */
export function isLocalUrl(url: string): boolean {
  const host = describeUrl(url).host.toLowerCase().replace(/\.$/, '')
  if (host.startsWith('/') || host === 'localhost' || host.endsWith('.localhost')) return true
  return net.isIP(host) !== 0 && LOOPBACK.check(host, net.isIPv6(host) ? 'ipv6' : 'ipv4')
}

const LOOPBACK = new net.BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')
