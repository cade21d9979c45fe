import { redact } from './logger.ts';

describe('what a log line never carries', () => {
  const cases: [string, string, string][] = [
    ['a bearer token in a header', 'Authorization: Bearer abc.def-123', 'Authorization: Bearer [redacted]'],
    ['a service account token', 'sent eyJhbGciOi.eyJpc3Mi.c2ln_bmF0', 'sent [redacted]'],
    [
      'the password of a URL',
      'GET https://me:secret@prom.example/api',
      'GET https://[redacted]@prom.example/api',
    ],
  ];

  test.each(cases)('%s', (_name, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test('ordinary text is left alone', () => {
    const text = 'Scaled Deployment/web from 3 to 7 (http://prometheus:9090)';
    expect(redact(text)).toBe(text);
  });
});
