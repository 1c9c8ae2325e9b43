import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

/** Where a service tells how it is, in place of systemd's: a real datagram socket, read by a line of Perl. */
export interface NotifySocket {
  /** For NOTIFY_SOCKET. */
  readonly path: string;
  /** Every line that arrived, in order; barriers of systemd-notify left out. */
  lines(): readonly string[];
  count(line: string): number;
  close(): Promise<void>;
}

/**
 * Prints each message with a newline behind it. Node has no such sockets; and socat will not do, because it never closes
 * the descriptor that systemd-notify sends along to see that its message was taken.
 */
const reader = `use Socket; $| = 1; socket(S, AF_UNIX, SOCK_DGRAM, 0) or die; bind(S, sockaddr_un($ARGV[0])) or die;
  while (defined recv(S, my $text, 65536, 0)) { print "$text\\n" }`;

/** Opens a stand-in for systemd's notify socket. */
export async function openNotifySocket(): Promise<NotifySocket> {
  const folder = mkdtempSync(join(tmpdir(), 'notify-'));
  const path = join(folder, 'socket');
  const child = spawn('perl', ['-e', reader, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await until(() => existsSync(path), 'the notify socket');
  const lines = () => text.split('\n').filter((line) => line !== '' && line !== 'BARRIER=1');
  return {
    path,
    lines,
    count: (line) => lines().filter((each) => each === line).length,
    async close() {
      child.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
