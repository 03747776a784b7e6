import { lookup } from "node:dns/promises";

/** Ranges that no webhook outside leads to (RFC 6890), cloud metadata among the link-local ones. */
const INTERNAL_4: readonly [string, number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
];
const INTERNAL_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$/;

/**
 * What is wrong with where a webhook points, as its URL alone tells; null when nothing is, or when
 * the host is one of those allowed.
 */
export function refusedHost(url: string, allowed: readonly string[]): string | null {
  const host = hostOf(url);
  if (allowed.includes(host)) return null;
  const isName = !isAddress(host);
  const internal = isName ? !host.includes(".") || INTERNAL_NAME.test(host) : isInternal(host);
  return internal ? `"${host}" is inside a network` : null;
}

/**
 * The same, with every address that the name stands for now: what was public at registration need
 * not be so any more. A name without an address is refused, too.
 */
export async function refusedAddress(
  url: string,
  allowed: readonly string[],
): Promise<string | null> {
  const refused = refusedHost(url, allowed);
  const host = hostOf(url);
  if (refused || allowed.includes(host) || isAddress(host)) return refused;
  const found = await lookup(host, { all: true }).catch(() => []);
  if (found.length === 0) return `"${host}" has no address`;
  return found.some(({ address }) => isInternal(address)) ? `"${host}" is inside a network` : null;
}

function hostOf(url: string): string {
  return new URL(url).hostname.toLowerCase().replace(/\.$/, "").replace(/^\[|\]$/g, "");
}

function isAddress(host: string): boolean {
  return host.includes(":") || /^\d+(\.\d+){3}$/.test(host); // the URL has written it out so
}

/** Whether an IP address is not one of the public internet. */
export function isInternal(address: string): boolean {
  if (!address.includes(":")) {
    return INTERNAL_4.some(([range, bits]) => prefix(address, bits) === prefix(range, bits));
  }
  const groups = groupsOf(address);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) {
    const [high = 0, low = 0] = groups.slice(6);
    return isInternal([high >> 8, high & 255, low >> 8, low & 255].join("."));
  }
  const [first = 0] = groups;
  // Global unicast is 2000::/3; of it 2002::/16 and 64:ff9b::/96 can lead back inside.
  return first >> 13 !== 1 || first === 0x2002;
}

function prefix(address: string, bits: number): number {
  const number = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return Math.floor(number / 2 ** (32 - bits));
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [plain = ""] = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1)
    .split("%");
  const [head = "", tail] = plain.split("::");
  const read = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
  if (tail === undefined) return read(head);
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
