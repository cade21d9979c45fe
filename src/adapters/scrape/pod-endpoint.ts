import { BlockList, isIP } from 'node:net';

/** Where one pod's metrics are. Made by `podEndpoint` alone, from what the API server says of a pod. */
export interface PodEndpoint {
  readonly ip: string;
  readonly port: number;
}

/** What a scrape needs to know of a pod. */
export interface AddressedPod {
  readonly ip?: string;
  /** Its containers' TCP ports that have a name. */
  readonly namedPorts?: Readonly<Record<string, number>>;
}

/**
 * Addresses that are never a pod's: clouds answer on link-local ones with credentials. A pod's address comes from its
 * kubelet, but whoever may write a pod's status could name another.
 */
const NO_POD = new BlockList();
NO_POD.addSubnet('169.254.0.0', 16);
NO_POD.addSubnet('0.0.0.0', 8);
NO_POD.addSubnet('224.0.0.0', 3);
NO_POD.addSubnet('fe80::', 10, 'ipv6');
NO_POD.addSubnet('ff00::', 8, 'ipv6');
NO_POD.addAddress('::', 'ipv6');

/** Undefined for a pod without an address; in words where there is one that cannot be asked. */
export function podEndpoint(
  { ip, namedPorts }: AddressedPod,
  port: number | string,
): PodEndpoint | { readonly problem: string } | undefined {
  if (ip === undefined) return undefined;
  const family = isIP(ip);
  if (family === 0 || NO_POD.check(ip, family === 4 ? 'ipv4' : 'ipv6')) {
    return { problem: `${JSON.stringify(ip.slice(0, 64))} is not the address of a pod` };
  }
  const number = typeof port === 'number' ? port : portNamed(namedPorts, port);
  return number === undefined ? { problem: `no container has a port named ${port}` } : { ip, port: number };
}

function portNamed(ports: AddressedPod['namedPorts'], name: string): number | undefined {
  return ports !== undefined && Object.hasOwn(ports, name) ? ports[name] : undefined;
}
