import net from 'node:net'
import { describeUrl } from './describe-url'

/**
 * Whether the URL names this machine: a Unix socket, `localhost` or a loopback address. No other name is resolved,
 * because it may lead elsewhere a moment later.
 */
export function isLocalUrl(url: string): boolean {
  return isLocalHost(describeUrl(url).host)
}

export function isLocalHost(name: string): boolean {
  const host = name.toLowerCase().replace(/\.$/, '')
  if (host.startsWith('/') || host === 'localhost' || host.endsWith('.localhost')) return true
  return net.isIP(host) !== 0 && LOOPBACK.check(host, net.isIPv6(host) ? 'ipv6' : 'ipv4')
}

const LOOPBACK = new net.BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')
