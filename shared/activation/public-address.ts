/** Which addresses a webhook may lead to: those of the public internet, so that nobody reaches through us into a network. */
import { BlockList, isIP } from 'node:net';

const CLOSED_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, and the metadata of instances and containers
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
];
/** Of IPv6 only what is allotted to the internet is open, without what leads back into IPv4 or is for examples. */
const OPEN_IPV6: readonly (readonly [string, number])[] = [['2000::', 3]];
const CLOSED_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const closedIpv4 = listOf(CLOSED_IPV4, 'ipv4');
const closedIpv6 = listOf(CLOSED_IPV6, 'ipv6');
const openIpv6 = listOf(OPEN_IPV6, 'ipv6');

function listOf(networks: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family);
  return list;
}

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closedIpv4.check(address, 'ipv4');
  return family === 6 && openIpv6.check(address, 'ipv6') && !closedIpv6.check(address, 'ipv6');
}

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

export interface WebhookRules {
  /** On the developer's machine only: `http` to this machine itself. */
  readonly allowsLocalhost: boolean;
}

export const isLocalhost = ({ hostname }: URL): boolean => LOCAL_HOSTS.has(hostname);

/** What is wrong with an address before any name is resolved; nothing, if it may be tried. */
export function problemOfUrl(text: string, { allowsLocalhost }: WebhookRules): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const url = new URL(text);
  if (allowsLocalhost && isLocalhost(url) && url.protocol === 'http:') return undefined;
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password: requests are signed';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) return `leads to ${host}, which is no address of the public internet`;
  if (isLocalhost(url)) return 'leads to this machine itself';
  return undefined;
}
