import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { SerialPort } from 'serialport';
import type { FoundDevice } from '../../shared/admin/devices.ts';
import type { AdminOutput } from '../../shared/admin.ts';
import type { Configuration } from '../config.ts';

/** Where printers listen on a network (hardware.md 6). */
const printerPort = 9100;
/** A printer in the same room takes a connection within this, milliseconds. */
const answersWithinMs = 400;
/** Connections at once. */
const atOnce = 32;
/** Larger networks are not searched. */
const mostHosts = 254;

/** Looks at this machine's ports and, if wanted, at the networks next to it. Sends nothing to what it finds. */
export async function findDevices(
  configuration: Configuration,
  { network }: { readonly network: boolean },
): Promise<AdminOutput<'findDevices'>> {
  const networks = network ? nearNetworks() : [];
  const found = [
    ...(await serialPorts()),
    ...usbPrinters('/dev/usb'),
    ...(await onNetworks(networks.flatMap(({ hosts }) => hosts))),
  ];
  const devices = found.map((device) => ({ ...device, usedAs: useOf(device, configuration) }));
  return { devices, networks: networks.map(({ name }) => name) };
}

type Found = Omit<FoundDevice, 'usedAs'>;

async function serialPorts(): Promise<readonly Found[]> {
  const links = stableLinks(['/dev/kiosk', '/dev/serial/by-path', '/dev/serial/by-id']);
  const ports = await SerialPort.list();
  return ports
    .filter(({ path, vendorId, pnpId }) => vendorId !== undefined || pnpId !== undefined || links.has(path))
    .map(({ path, manufacturer, vendorId, productId }) => ({
      kind: 'serial' as const,
      address: links.get(path) ?? path,
      what: [manufacturer, vendorId && `${vendorId}:${productId ?? '?'}`].filter(Boolean).join(' '),
    }));
}

/** Device file -> the link to it that stays the same over restarts; the first folder that has one counts. */
function stableLinks(folders: readonly string[]): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      const link = join(folder, name);
      const target = resolve(folder, linkTarget(link));
      if (!links.has(target)) links.set(target, link);
    }
  }
  return links;
}

function linkTarget(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    // Not a link, or gone: it stands for itself.
    return link;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Such folders come and go with the devices in them.
    return [];
  }
}

function usbPrinters(folder: string): readonly Found[] {
  return namesIn(folder)
    .filter((name) => /^lp\d+$/.test(name))
    .map((name) => ({ kind: 'usb' as const, address: join(folder, name), what: printerName(name) }));
}

/** What a USB printer says of itself (IEEE 1284 device id), as the kernel keeps it. */
function printerName(name: string): string {
  try {
    const id = readFileSync(join(realpathSync(`/sys/class/usbmisc/${name}/device`), 'ieee1284_id'), 'utf8');
    const fields = new Map(id.split(';').map((field) => field.split(':', 2) as [string, string | undefined]));
    return [fields.get('MFG') ?? fields.get('MANUFACTURER'), fields.get('MDL') ?? fields.get('MODEL')]
      .filter(Boolean)
      .join(' ');
  } catch {
    // Not every printer has one.
    return '';
  }
}

interface Network {
  readonly name: string;
  readonly hosts: readonly string[];
}

/** The small IPv4 networks that this machine is in. */
function nearNetworks(): readonly Network[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .flatMap(({ address, cidr }) => hostsOf(address, Number(cidr?.split('/')[1] ?? 32)));
}

/** The other addresses of a network; nothing for one that is too large to be searched. */
export function hostsOf(address: string, prefix: number): readonly Network[] {
  const count = 2 ** (32 - prefix);
  if (count - 2 > mostHosts || count < 4) return [];
  const own = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = own - (own % count);
  const hosts = Array.from({ length: count - 2 }, (_, index) => first + 1 + index).filter((host) => host !== own);
  return [{ name: `${dotted(first)}/${prefix}`, hosts: hosts.map(dotted) }];
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

async function onNetworks(hosts: readonly string[]): Promise<readonly Found[]> {
  const waiting = [...hosts];
  const found: Found[] = [];
  const search = async () => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      if (await takesConnections(host, printerPort)) {
        found.push({ kind: 'network', address: host, port: printerPort, what: '' });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, search));
  return found.sort((left, right) => hosts.indexOf(left.address) - hosts.indexOf(right.address));
}

/** Whether something takes a connection there; nothing is sent on it. */
export function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => {
      socket.destroy();
      settle(answer);
    };
    socket.setTimeout(answersWithinMs, () => {
      end(false);
    });
    socket.once('connect', () => {
      end(true);
    });
    socket.once('error', () => {
      end(false);
    });
  });
}

function useOf({ address, kind }: Found, { printer: { connection }, displays }: Configuration): string | null {
  const isPrinter =
    connection.type === 'tcp'
      ? kind === 'network' && connection.host === address
      : connection.type !== 'none' && sameFile(connection.path, address);
  if (isPrinter) return 'printer';
  const display = displays.find((each) => 'address' in each && sameFile(each.address, address));
  return display ? `display ${display.name}` : null;
}

function sameFile(left: string, right: string): boolean {
  try {
    return left === right || realpathSync(left) === realpathSync(right);
  } catch {
    // One of them is not there.
    return false;
  }
}
