import type { FastifyInstance, FastifyReply } from 'fastify';
import { ApiError, type ErrorCode } from './world/types.ts';

/** Codes that go with what the HTTP server itself refuses: a body too large, a broken header. */
function codeFor(status: number): ErrorCode {
  if (status === 404) return 'not_found';
  if (status === 406 || status === 415) return 'not_acceptable';
  return status < 500 ? 'invalid_request' : 'internal_server_error';
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('statusCode' in error)) return 500;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500;
}

/** Errors in the API's own shape (api.md 11.1). */
export function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof ApiError) return sendError(reply, error);
    const status = statusOf(error);
    const message = error instanceof Error ? error.message : String(error);
    return reply.code(status).send({ error: codeFor(status), error_description: message });
  });
  server.setNotFoundHandler((_request, reply) => sendError(reply, new ApiError('not_found', 'There is no such page')));
}

export function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  return reply.code(error.status).send(errorBody(error));
}

/** A refusal as the API puts it (api.md 11.1). */
export function errorBody(error: ApiError): Record<string, unknown> {
  const properties = error.properties ? { error_properties: error.properties } : {};
  return { error: error.code, error_description: error.message, ...properties };
}
