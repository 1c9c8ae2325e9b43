import { spawn } from 'node:child_process';
import type { Log } from '../ports/log.ts';

/** Tells the service manager how the service is doing. */
export interface Notifier {
  /** Sends assignments such as `READY=1`, all in one message. False when that failed; it was logged then. */
  tell(...assignments: readonly string[]): Promise<boolean>;
}

interface NotifierOptions {
  /** systemd's `NOTIFY_SOCKET`. */
  readonly socket: string;
  readonly log: Log;
  /** Another program than systemd's own. */
  readonly program?: string;
}

/** Longest wait for the program, milliseconds: usually it takes 30, and the service manager takes its time when it reloads. */
const deadlineMs = 8_000;

/**
 * Sends through `systemd-notify`, because Node has no datagram sockets of that kind (hardware.md 4.5). It waits until the
 * service manager has taken the message: a sender that is gone by then cannot be told from a stranger.
 */
export function createNotifier({ socket, log, program = 'systemd-notify' }: NotifierOptions): Notifier {
  return {
    tell: (...assignments) =>
      new Promise((resolve) => {
        const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', NOTIFY_SOCKET: socket };
        const child = spawn(program, assignments, { env, stdio: 'ignore', timeout: deadlineMs, killSignal: 'SIGKILL' });
        const failed = (reason: string): void => {
          log.error('The service manager could not be told how the terminal is.', { assignments, reason });
          resolve(false);
        };
        child.once('error', (error) => {
          failed(error.message);
        });
        child.once('exit', (code, signal) => {
          if (code === 0) resolve(true);
          else failed(signal ?? `exit code ${code ?? 'unknown'}`);
        });
      }),
  };
}
