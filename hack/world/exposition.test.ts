import { exposition, numberText } from './exposition.ts';
import { FAMILIES } from './families.ts';

describe('the text for a scrape', () => {
  it('has each family once, with help and type, and its samples together', () => {
    const text = exposition([
      { family: FAMILIES.requests, labels: { pod: 'a' }, value: 1 },
      { family: FAMILIES.podReady, labels: { pod: 'a' }, value: 0, at: 1234 },
      { family: FAMILIES.requests, labels: { pod: 'b' }, value: 2.5 },
    ]);
    expect(text).toBe(
      [
        '# HELP http_requests_total Requests that arrived, by answer; 503 was turned away.',
        '# TYPE http_requests_total counter',
        'http_requests_total{pod="a"} 1',
        'http_requests_total{pod="b"} 2.5',
        '# HELP kube_pod_status_ready Describes whether the pod is ready to serve requests.',
        '# TYPE kube_pod_status_ready gauge',
        'kube_pod_status_ready{pod="a"} 0 1234',
        '',
      ].join('\n'),
    );
  });

  it('escapes what a label may hold', () => {
    const text = exposition([{ family: FAMILIES.podReady, labels: { pod: 'a"b\\c\nd' }, value: 1 }]);
    expect(text).toContain('{pod="a\\"b\\\\c\\nd"} 1');
  });

  it.each([
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
    [1e21, '1e+21'],
    [0.1, '0.1'],
  ])('writes %d as %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});
