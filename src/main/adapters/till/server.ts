import type { AddressInfo } from 'node:net';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Clock, Stop } from '../../ports/clock.ts';
import { JournalError } from '../../ports/journal.ts';
import type { Log } from '../../ports/log.ts';
import type { TillDesk } from '../../ports/terminal.ts';
import { guardTill } from './guard.ts';
import { openApiInfo, problems } from './openapi.ts';
import { ProblemError } from './problem.ts';
import { tillRoutes } from './routes.ts';

/** Why the till interface cannot listen. */
export class TillError extends Error {
  readonly code: 'port_taken' | 'listen_failed';

  constructor(code: TillError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TillError';
    this.code = code;
  }
}

export interface TillOptions {
  readonly desk: TillDesk;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly token: string;
  readonly log: Log;
  readonly clock: Clock;
}

/** A bill of 200 lines is a tenth of this, in bytes. */
const bodyLimit = 256 * 1024;
/** Longer than any address that Node takes: a bill of that name is one that nobody knows, like any other. */
const longestId = 64 * 1024;

/**
 * The HTTP interface for the merchant's till (docs/till.md). On loopback unless configured otherwise, always with a
 * token.
 * @throws TillError when it cannot listen
 */
export async function startTill(options: TillOptions): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const streams = new Set<Stop>();
  const server = await buildTill(options, streams);
  await listen(server, options);
  const { port } = server.server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    stop: async () => {
      for (const stop of streams) stop();
      await server.close();
    },
  };
}

/** The server with its routes and their description, not listening yet. */
export async function buildTill(options: TillOptions, streams: Set<Stop>): Promise<FastifyInstance> {
  const server = fastify({
    bodyLimit,
    forceCloseConnections: true,
    requestTimeout: 10_000,
    routerOptions: { maxParamLength: longestId },
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, asProblem(error, options.log));
    },
  });
  server.removeContentTypeParser('text/plain');
  // Bodies are checked by the zod schemas that the description is made from, which say it in sentences.
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  await server.register(swagger, { openapi: { ...openApiInfo, servers: [] } });
  answerProblems(server, options.log);
  guardTill(server, options);
  tillRoutes(server, { ...options, streams });
  const described = { 200: { description: 'OpenAPI 3.1', type: 'object' }, ...problems() };
  server.get('/v1/openapi.json', { schema: { summary: 'This description', response: described } }, () =>
    server.swagger(),
  );
  await server.ready();
  return server;
}

/** Errors that fastify itself finds, by its code. */
const known: Readonly<Record<string, readonly [number, string, string]>> = {
  FST_ERR_BAD_URL: [400, 'address_wrong', 'The address is not encoded rightly. Check its percent signs.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'too_large', 'The body is larger than 256 kB. Send a shorter bill.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'wrong_content_type', 'Send JSON, with Content-Type: application/json.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'body_missing', 'The body is empty. Send JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'body_cut_short', 'The body is not as long as Content-Length says.'],
};

function answerProblems(server: FastifyInstance, log: Log): void {
  server.setErrorHandler((error, _request, reply) => {
    sendProblem(reply, asProblem(error, log));
  });
  server.setNotFoundHandler((_request, reply) => {
    sendProblem(reply, new ProblemError(404, 'route_unknown', 'There is no such resource. See /v1/openapi.json.'));
  });
}

function sendProblem(reply: FastifyReply, { problem }: ProblemError): void {
  void reply.code(problem.status).type('application/problem+json').send(problem);
}

function asProblem(error: unknown, log: Log): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof JournalError) return new ProblemError(503, 'journal_failed', error.message);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const found = known[code];
  if (found) return new ProblemError(...found);
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 400) return new ProblemError(400, 'not_json', 'The body is not JSON. Check it with a JSON parser.');
  if (status > 400 && status < 500)
    return new ProblemError(status, 'bad_request', 'This request cannot be understood.');
  log.error('The till interface failed in an unforeseen way.', { error: String(error) });
  return new ProblemError(500, 'failed', 'The terminal failed to answer. Ask again; look at its log if it goes on.');
}

async function listen(server: FastifyInstance, { host, port }: TillOptions): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw taken
      ? new TillError(
          'port_taken',
          `Port ${port} for the till interface is taken. Stop the program that uses it, or set till.port to another.`,
          error,
        )
      : new TillError(
          'listen_failed',
          `The till interface cannot listen on ${host}, port ${port}: ${String(error)}. Check till.host.`,
          error,
        );
  }
}
