import { stemOf, wordsOf } from './words.ts';

describe('the words of a text', () => {
  test.each([
    ['small letters without marks', 'Pods: (stay) Pending!', ['pods', 'stay', 'pending']],
    ['the parts of a compound', 'CrashLoopBackOff', ['crash', 'loop', 'back', 'off']],
    ['an abbreviation before a word', 'OOMKilled HPAStatus', ['oom', 'killed', 'hpa', 'status']],
    ['names of metrics', 'http_requests_total{code="5xx"}', ['http', 'requests', 'total', 'code', '5xx']],
    ['measures', 'p99=2s, 137', ['p99', '2s', '137']],
    ['letters without accents', 'Überlast café', ['uberlast', 'cafe']],
    ['other scripts as they are', '内存 泄漏', ['内存', '泄漏']],
    ['nothing of nothing', ' \n—…', []],
    ['no digests', `see ${'a1'.repeat(32)} now`, ['see', 'now']],
  ])('are %s', (_name, text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });
});

describe('the stem', () => {
  test.each([
    [['pod', 'pods'], 'pod'],
    [['query', 'queries'], 'query'],
    [['process', 'processes', 'processed', 'processing'], 'process'],
    [['throttle', 'throttled', 'throttling'], 'throttl'],
    [['stop', 'stopped', 'stopping'], 'stop'],
    [['kill', 'killed', 'killing'], 'kill'],
    [['status'], 'status'],
    [['dns'], 'dns'],
    [['ring'], 'ring'],
    [['p99s'], 'p99s'],
  ])('of %j is the same', (words, stem) => {
    expect(words.map(stemOf)).toEqual(words.map(() => stem));
  });
});
