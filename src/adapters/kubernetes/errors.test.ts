import {
  ApiError,
  errorFromResponse,
  errorFromStatus,
  isAlreadyExists,
  isConflict,
  isForbidden,
  isGone,
  isNotFound,
  isResourceVersionTooLarge,
  isTooManyRequests,
  isTransient,
  isUnauthorized,
} from './errors.ts';

const NOW = Date.UTC(2026, 0, 1);

function failure(status: number, body: unknown, retryAfter?: string): ApiError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return errorFromResponse({ request: 'GET /api/v1/pods', status, body: text, retryAfter, now: NOW });
}

describe('errorFromResponse', () => {
  it('says what was asked, the status, the reason and the server’s message', () => {
    const error = failure(403, { kind: 'Status', reason: 'Forbidden', message: 'pods is forbidden' });
    expect(error.message).toBe('GET /api/v1/pods: 403 Forbidden: pods is forbidden');
    expect([error.status, error.reason]).toEqual([403, 'Forbidden']);
  });

  it.each([
    [
      'an HTML page',
      '<html>bad gateway</html>',
      'GET /api/v1/pods: 503 ServiceUnavailable: <html>bad gateway</html>',
    ],
    ['nothing', '', 'GET /api/v1/pods: 503 ServiceUnavailable: no message'],
    ['JSON of another kind', { kind: 'Pod' }, 'GET /api/v1/pods: 503 ServiceUnavailable: {"kind":"Pod"}'],
    ['null', 'null', 'GET /api/v1/pods: 503 ServiceUnavailable: null'],
  ])('copes with %s as the body', (_, body, message) => {
    expect(failure(503, body).message).toBe(message);
  });

  it('lets no bearer token through and cuts long messages', () => {
    const quoted = failure(400, {
      kind: 'Status',
      message: `header Authorization: Bearer abc.def-ghi ${'x'.repeat(5000)}`,
    });
    expect(quoted.message).toContain('Bearer [redacted]');
    expect(quoted.message).not.toContain('abc.def');
    expect(quoted.message).toHaveLength(1024);
  });

  it.each([
    ['seconds', '7', 7000],
    ['a date', new Date(NOW + 5000).toUTCString(), 5000],
    ['a date in the past', new Date(NOW - 5000).toUTCString(), 0],
    ['nonsense', 'soon', undefined],
    ['a negative number', '-3', 0],
    ['nothing', undefined, undefined],
  ])('reads Retry-After given as %s', (_, header, expected) => {
    const { retryAfterMs } = failure(429, '', header);
    if (header === '-3') expect(retryAfterMs ?? 0).toBe(expected);
    else expect(retryAfterMs).toBe(expected);
  });

  it('falls back to the Retry-After that the body states', () => {
    const error = errorFromStatus('WATCH /x', {
      code: 429,
      reason: 'TooManyRequests',
      details: { retryAfterSeconds: 3 },
    });
    expect(error.retryAfterMs).toBe(3000);
  });
});

describe('predicates', () => {
  const predicates = {
    isAlreadyExists,
    isConflict,
    isForbidden,
    isGone,
    isNotFound,
    isResourceVersionTooLarge,
    isTooManyRequests,
    isTransient,
    isUnauthorized,
  };

  it.each<[string, unknown, string[]]>([
    ['a conflict', failure(409, { kind: 'Status', reason: 'Conflict' }), ['isConflict']],
    ['a 409 without a Status', failure(409, ''), ['isConflict']],
    ['an existing name', failure(409, { kind: 'Status', reason: 'AlreadyExists' }), ['isAlreadyExists']],
    ['an expired version', failure(410, { kind: 'Status', reason: 'Expired' }), ['isGone']],
    ['an unknown object', failure(404, ''), ['isNotFound']],
    ['a missing role', failure(403, ''), ['isForbidden']],
    ['a stale token', failure(401, ''), ['isUnauthorized']],
    ['throttling', failure(429, ''), ['isTooManyRequests', 'isTransient']],
    ['a server error', failure(500, ''), ['isTransient']],
    ['an invalid object', failure(422, ''), []],
    ['a broken connection', new ApiError({ status: 0, reason: 'Network', message: '' }), ['isTransient']],
    ['a deadline', new ApiError({ status: 0, reason: 'Timeout', message: '' }), ['isTransient']],
    ['an answer that is too long', new ApiError({ status: 0, reason: 'ResponseTooLarge', message: '' }), []],
    [
      'a server that lags behind',
      failure(504, {
        kind: 'Status',
        reason: 'Timeout',
        details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
      }),
      ['isResourceVersionTooLarge', 'isTransient'],
    ],
    ['any other exception', new Error('boom'), []],
  ])('tell %s', (_, error, expected) => {
    const held = Object.entries(predicates).filter(([, holds]) => holds(error));
    expect(held.map(([name]) => name)).toEqual(expected);
  });
});
