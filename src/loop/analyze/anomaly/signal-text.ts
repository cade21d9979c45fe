import { short } from '../../short.ts';
import type { WatchedSignal } from './watched-signals.ts';

/** What people call the signals, and how their numbers are written. */
const WORDS: Readonly<Record<WatchedSignal, readonly [string, (value: number) => string]>> = {
  load: ['the load', short],
  latency: ['the latency', short],
  errors: ['the share of bad requests', (value) => `${short(100 * value)} %`],
  queue: ['the queue', short],
  cpu: ['the CPU in use', (value) => `${short(value)} cores`],
  memory: ['the memory of a pod', bytes],
  receive: ['what is received', (value) => `${bytes(value)}/s`],
  transmit: ['what is sent', (value) => `${bytes(value)}/s`],
};

/** `the load`; other names as they are. */
export function signalName(signal: string): string {
  return Object.hasOwn(WORDS, signal) ? WORDS[signal as WatchedSignal][0] : signal;
}

/** `the load is 480 where 120 is usual`. */
export function signalText(signal: WatchedSignal, actual: number, expected: number): string {
  const [name, text] = WORDS[signal];
  return `${name} is ${text(actual)} where ${text(expected)} is usual`;
}

/** `the load does not move: it is exactly 480 all the time`. */
export function flatText(signal: WatchedSignal, value: number): string {
  const [name, text] = WORDS[signal];
  return `${name} does not move: it is exactly ${text(value)} all the time`;
}

/** `the load, the latency and the queue do not come any more`. */
export function missingText(signals: readonly WatchedSignal[]): string {
  const names = signals.map((signal) => WORDS[signal][0]);
  const [last = '', ...others] = names.toReversed();
  const list = others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`;
  return `${list} ${names.length === 1 ? 'does' : 'do'} not come any more`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

export function bytes(value: number): string {
  const power = Math.min(
    UNITS.length - 1,
    Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10)),
  );
  return `${short(value / 1024 ** power)} ${UNITS[power]}`;
}
