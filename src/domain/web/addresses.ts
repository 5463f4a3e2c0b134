import { BlockList, isIP } from 'node:net'

/**
 * IPv4 that is nobody's on the public internet: this network, private, shared, loopback, link-local (where clouds keep
 * their instances' secrets), protocol assignments, documentation, benchmarks, multicast, reserved, broadcast.
 * https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const SPECIAL_V4: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Of the IPv6 that is routed at all (2000::/3): tunnels that reach IPv4 by another door, and documentation. */
const SPECIAL_V6: [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const special4 = new BlockList()
for (const [net, prefix] of SPECIAL_V4) special4.addSubnet(net, prefix, 'ipv4')
const special6 = new BlockList()
for (const [net, prefix] of SPECIAL_V6) special6.addSubnet(net, prefix, 'ipv6')
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')

/** Whether an address belongs to the public internet. What is no address does not. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, 'ipv4')
    case 6:
      return !address.includes('%') && global6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
    default:
      return false
  }
}
