import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from '../fakes/until.ts';

/** What a program in the box said, and how it ended. */
export interface Said {
  readonly code: number;
  /** Standard output and error, in the order in which they came. */
  readonly text: string;
}

const cache = join(tmpdir(), 'spot-terminal-box');
const mirror = process.env['DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian';
/** What a fresh Debian has besides its least; without recommendations, as on a small device. */
const include = 'systemd,systemd-sysv,dbus,udev,ca-certificates';

/** Programs that these tests need besides what the bootstrap installs, and the package of each. */
const needed = [
  ['/usr/sbin/debootstrap', 'debootstrap'],
  ['/usr/bin/systemd-nspawn', 'systemd-container'],
] as const;

/** A fresh Debian 12, made once and kept. @throws Error when there is neither root nor network */
function freshDebian(): string {
  if (process.getuid?.() !== 0) throw new Error('These tests install and boot a Debian: run them as root.');
  for (const [program, debianPackage] of needed) {
    if (!existsSync(program)) throw new Error(`${program} is missing: apt-get install ${debianPackage}.`);
  }
  const base = join(cache, 'base');
  if (existsSync(join(base, '.whole'))) return base;
  rmSync(base, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  execFileSync('debootstrap', ['--variant=minbase', `--include=${include}`, 'bookworm', base, mirror], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const security = 'deb http://deb.debian.org/debian-security bookworm-security main';
  writeFileSync(join(base, 'etc/apt/sources.list'), `deb ${mirror} bookworm main\n${security}\n`);
  writeFileSync(join(base, '.whole'), '');
  return base;
}

/** A machine: a fresh Debian with real apt, dpkg and systemd, in a container whose network is that of this machine. */
export class Box {
  readonly root: string;
  readonly #folder: string;
  #running: ChildProcess | undefined;

  constructor() {
    const base = freshDebian();
    this.#folder = mkdtempSync(join(cache, 'box-'));
    for (const name of ['upper', 'work', 'root', 'archives']) mkdirSync(join(this.#folder, name), { recursive: true });
    this.root = join(this.#folder, 'root');
    const layers = `lowerdir=${base},upperdir=${join(this.#folder, 'upper')},workdir=${join(this.#folder, 'work')}`;
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, this.root]);
    writeFileSync(join(this.root, 'etc/resolv.conf'), readFileSync('/etc/resolv.conf'));
  }

  /** Where that path of the box is on this machine. */
  at(path: string): string {
    return join(this.root, path);
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text, { mode });
  }

  has(path: string): boolean {
    return existsSync(this.at(path));
  }

  /** Runs a shell command in the box, booted or not; gives what it said, whatever its end. */
  async sh(command: string): Promise<Said> {
    const shell = [
      '/bin/sh',
      '-c',
      `export SYSTEMD_COLORS=0 SYSTEMD_PAGER=cat DEBIAN_FRONTEND=noninteractive; ${command}`,
    ];
    const leader = this.#leader();
    const line =
      leader === undefined
        ? ['systemd-nspawn', '--quiet', ...this.#options(), '--pipe', ...shell]
        : ['nsenter', '-t', String(leader), '-a', ...shell];
    const [program = '', ...args] = line;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => (text += part));
    }
    const [code] = (await once(child, 'close')) as [number | null];
    // systemd-nspawn's own remark, when nothing of a former box is left to be taken away.
    return { code: code ?? -1, text: text.replace(/^Attempted to remove disk file system.*\n/gm, '').trim() };
  }

  /** As `sh`. @throws Error with what it said when it did not end well */
  async must(command: string): Promise<string> {
    const { code, text } = await this.sh(command);
    if (code !== 0) throw new Error(`"${command}" ended with ${code}:\n${text}`);
    return text;
  }

  /** Starts the box's own systemd, and waits until it takes orders: what it has started may never come up. */
  async boot(): Promise<void> {
    const args = ['--quiet', ...this.#options(), '--boot', '--console=pipe'];
    this.#running = spawn('systemd-nspawn', args, { stdio: 'ignore' });
    await until(() => this.#leader() !== undefined, 'the box to start');
    await until(
      async () => (await this.sh('systemctl is-active basic.target dbus.service')).code === 0,
      'the box to be up',
      60_000,
    );
  }

  /** As pulling the plug. */
  async powerOff(): Promise<void> {
    const running = this.#running;
    const leader = this.#leader();
    if (!running || leader === undefined) return;
    const gone = once(running, 'exit');
    process.kill(leader, 'SIGKILL');
    await gone;
    this.#running = undefined;
  }

  /** Takes everything away. */
  async close(): Promise<void> {
    await this.powerOff();
    execFileSync('umount', ['--lazy', this.root]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Packages that were fetched are kept for the next time. */
  #options(): readonly string[] {
    const archives = join(cache, 'archives/partial');
    mkdirSync(archives, { recursive: true });
    return [
      '--register=no',
      '--keep-unit',
      '--resolv-conf=off',
      `--bind=${dirname(archives)}:/var/cache/apt/archives`,
      '-D',
      this.root,
    ];
  }

  #leader(): number | undefined {
    const pid = this.#running?.pid;
    if (pid === undefined) return undefined;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? undefined : Number(children.split(' ')[0]);
  }
}

/** Runs a program on this machine; gives its standard output. @throws Error when it fails */
export function here(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env: { ...process.env, ...env }, maxBuffer: 64 * 1_024 * 1_024 }, (error, out, err) => {
      if (error) reject(new Error(`${program} ${args.join(' ')} failed:\n${err}`));
      else resolve(out);
    });
  });
}
