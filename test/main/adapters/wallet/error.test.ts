import { describe, expect, it } from 'vitest';
import {
  retryAfterMs,
  statusError,
  transportError,
  unreadableAnswer,
  WalletError,
  type HttpAnswer,
  type Method,
} from '../../../../src/main/adapters/wallet/error.ts';

const html = '<html><head><title>502 Bad Gateway</title></head></html>';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

interface Rest {
  readonly method?: Method;
  readonly headers?: Record<string, string>;
}

function failure(status: number, body: unknown, { method = 'GET', headers = {} }: Rest = {}) {
  return statusError(answer(status, body, headers), { method, now: 0 }).toFailure();
}

describe('answers outside 2xx', () => {
  it.each([
    [400, 'invalid_parameters', 'never'],
    [400, 'invalid_request', 'never'],
    [400, 'invalid_grant', 'never'],
    [401, 'unauthorized', 'never'],
    [401, 'invalid_timestamp', 'later'],
    [403, 'forbidden', 'never'],
    [404, 'not_found', 'never'],
    [406, 'not_acceptable', 'never'],
    [409, 'invalid_state', 'never'],
    [409, 'not_enough_funds', 'never'],
    [429, 'rate_limit_exceeded', 'later'],
  ] as const)('%i %s is the same for reading and writing: %s', (status, code, retry) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
      expect(failure(status, { error: code }, { method })).toMatchObject({ code, retry, status });
    }
  });

  it.each([
    [500, 'internal_server_error'],
    [502, 'gateway_error'],
    [503, 'gateway_error'],
    [504, 'gateway_error'],
    [599, 'internal_server_error'],
    [302, 'unexpected_redirect'],
    [408, 'request_refused'],
  ])('%i is later for reading and unknown for writing', (status, code) => {
    expect(failure(status, html)).toMatchObject({ code, retry: 'later', status });
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      expect(failure(status, html, { method })).toMatchObject({ code, retry: 'unknown', status });
    }
  });

  it.each([
    [400, 'invalid_request'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [409, 'invalid_state'],
    [418, 'request_refused'],
  ])('a web page with status %i is decided by the status', (status, code) => {
    expect(failure(status, html)).toMatchObject({ code, retry: 'never' });
  });

  it('"gone" is believed from the API, in words or without, but not from a web page', () => {
    expect(failure(404, { error: 'not_found' })).toMatchObject({ code: 'not_found', retry: 'never' });
    expect(failure(404, '')).toMatchObject({ code: 'not_found', retry: 'never' });
    expect(failure(404, html)).toMatchObject({ code: 'not_the_api', retry: 'never' });
  });

  it('a code that nobody knows becomes the code of the status', () => {
    expect(failure(400, { error: 'teapot<script>' }).code).toBe('invalid_request');
    expect(failure(404, { error: 'spot_missing' }).code).toBe('not_found');
    expect(failure(500, { error: 'not_found' }).code).toBe('internal_server_error');
  });

  it.each(['Timestamp is in future (1 s)', 'Timestamp lifetime exceeded'])(
    'a clock error is known by its description too: %s',
    (description) => {
      const body = { error: 'unauthorized', error_description: description };
      expect(failure(401, body)).toMatchObject({ code: 'invalid_timestamp', retry: 'later' });
      expect(failure(400, body).code).not.toBe('invalid_timestamp');
    },
  );

  it("the sentence holds the API's words, on one line and not endlessly", () => {
    const body = {
      error: 'invalid_parameters',
      error_description: 'Price\nis required',
      error_properties: { price: ['x'] },
    };
    expect(failure(400, body).message).toContain('The API says: Price is required {"price":["x"]}');
    expect(failure(400, { error: 'x', error_description: 'y'.repeat(5000) }).message.length).toBeLessThan(500);
  });

  it('the correlation id comes from the header, else from the body', () => {
    expect(failure(500, {}, { headers: { 'paysera-correlation-id': 'c-1' } }).correlationId).toBe('c-1');
    expect(failure(500, { correlation_id: 'c-2' }).correlationId).toBe('c-2');
    expect(failure(500, {})).not.toHaveProperty('correlationId');
  });
});

describe('Retry-After', () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
  it.each([
    ['120', undefined, 120_000],
    ['0', undefined, 0],
    ['Wed, 21 Oct 2026 07:30:00 GMT', date, 120_000],
    ['Wed, 21 Oct 2026 07:00:00 GMT', date, 0],
    ['soon', date, undefined],
    ['-5', undefined, undefined],
    ['', undefined, undefined],
  ])('%j with date %j is %s ms', (value, at, expected) => {
    const headers = { 'retry-after': value, ...(at && { date: at }) };
    expect(retryAfterMs(headers, Date.parse(date))).toBe(expected);
  });

  it('reaches the failure', () => {
    expect(failure(429, html, { method: 'POST', headers: { 'retry-after': '7' } })).toMatchObject({
      retry: 'later',
      retryAfterMs: 7000,
    });
  });
});

describe('requests without an answer', () => {
  const host = 'wallet.example';

  function coded(code: string): Error {
    return Object.assign(new Error(code), { code });
  }

  it.each([
    ['ECONNREFUSED', 'connection_refused'],
    ['ENOTFOUND', 'host_not_found'],
    ['EAI_AGAIN', 'host_not_found'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connect_timeout'],
    ['ENETUNREACH', 'unreachable'],
    ['ECONNRESET', 'unreachable'],
    ['CERT_HAS_EXPIRED', 'certificate_refused'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate_refused'],
  ])('%s before anything left is %s and may be repeated later, whatever was to be sent', (code, expected) => {
    for (const method of ['GET', 'POST'] as const) {
      const error = transportError(coded(code), { method, sent: false, ending: 'failed', host });
      expect(error.toFailure()).toMatchObject({ code: expected, retry: 'later' });
      expect(error.message).toContain(host);
    }
  });

  it('several addresses that all refuse are one refusal', () => {
    const cause = new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]);
    const error = transportError(cause, { method: 'POST', sent: false, ending: 'failed', host });
    expect(error.code).toBe('connection_refused');
    expect(error.cause).toBe(cause);
  });

  it.each(['timeout', 'aborted', 'stopped', 'failed'] as const)('%s after sending is unknown for writing', (ending) => {
    const context = { sent: true, ending, host };
    expect(transportError(coded('ECONNREFUSED'), { ...context, method: 'GET' }).retry).toBe('later');
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      expect(transportError(coded('ECONNREFUSED'), { ...context, method }).retry).toBe('unknown');
    }
  });
});

describe('the error', () => {
  it('becomes plain data without its cause and without empty fields', () => {
    const error = new WalletError('Do this.', { code: 'x', retry: 'now', cause: new Error('inner') });
    expect(error.toFailure()).toEqual({ code: 'x', retry: 'now', message: 'Do this.' });
    expect(JSON.parse(JSON.stringify(error.toFailure()))).toEqual(error.toFailure());
  });

  it('tells an empty answer from an unreadable one', () => {
    expect(unreadableAnswer(answer(200, {}), 'POST')).toMatchObject({ code: 'empty_answer', retry: 'unknown' });
    expect(unreadableAnswer(answer(200, ' '), 'GET')).toMatchObject({ code: 'empty_answer', retry: 'later' });
    expect(unreadableAnswer(answer(200, html), 'DELETE')).toMatchObject({
      code: 'unreadable_answer',
      retry: 'unknown',
    });
  });
});
