import { bytes, flatText, missingText, signalText } from './signal-text.ts';

const MEBIBYTE = 2 ** 20;

test.each([
  ['load', 480.123, 120.987, 'the load is 480 where 121 is usual'],
  ['latency', 0.32456, 0.0708, 'the latency is 0.325 where 0.0708 is usual'],
  ['errors', 0.25, 0.001, 'the share of bad requests is 25 % where 0.1 % is usual'],
  ['queue', 12_345, 0, 'the queue is 12300 where 0 is usual'],
  ['cpu', 3.2, 0.5, 'the CPU in use is 3.2 cores where 0.5 cores is usual'],
  ['memory', 700 * MEBIBYTE, 2048 * MEBIBYTE, 'the memory of a pod is 700 MiB where 2 GiB is usual'],
  ['receive', 1536, 10, 'what is received is 1.5 KiB/s where 10 B/s is usual'],
  ['transmit', 5 * MEBIBYTE, 0, 'what is sent is 5 MiB/s where 0 B/s is usual'],
] as const)('people read of %s in its own unit', (signal, actual, expected, text) => {
  expect(signalText(signal, actual, expected)).toBe(text);
});

test('a signal that stands still is told with its value', () => {
  expect(flatText('memory', 200 * MEBIBYTE)).toBe(
    'the memory of a pod does not move: it is exactly 200 MiB all the time',
  );
});

test.each([
  [['load'], 'the load does not come any more'],
  [['load', 'latency'], 'the load and the latency do not come any more'],
  [['load', 'latency', 'queue'], 'the load, the latency and the queue do not come any more'],
] as const)('what is missing is a list: %j', (signals, text) => {
  expect(missingText(signals)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1023, '1020 B'],
  [1024, '1 KiB'],
  [-3 * MEBIBYTE, '-3 MiB'],
  [0.4, '0.4 B'],
  [2 ** 50, '1 PiB'],
  [2 ** 70, '1050000 PiB'],
])('%d bytes are %s', (value, text) => {
  expect(bytes(value)).toBe(text);
});
