import { Breaker } from './breaker.ts';

const options = { failures: 3, pauseMs: 1000, maxPauseMs: 4000 };
/** The largest random number: pauses take nearly their full length. */
const LONGEST = 1;

function opened(): Breaker {
  const breaker = new Breaker(options);
  for (let i = 0; i < 3; i += 1) breaker.failed(0, LONGEST);
  return breaker;
}

test('a new breaker is closed and admits everybody', () => {
  const breaker = new Breaker(options);
  expect(breaker.state(0)).toBe('Closed');
  expect([breaker.admit(0), breaker.admit(0)]).toEqual([true, true]);
  expect(breaker.waitMs(0)).toBe(0);
});

test('a success between failures starts the count again', () => {
  const breaker = new Breaker(options);
  breaker.failed(0, LONGEST);
  breaker.failed(0, LONGEST);
  breaker.succeeded();
  breaker.failed(0, LONGEST);
  breaker.failed(0, LONGEST);
  expect(breaker.state(0)).toBe('Closed');
});

test('enough failures in a row open it for the pause', () => {
  const breaker = opened();
  expect(breaker.state(999)).toBe('Open');
  expect(breaker.admit(999)).toBe(false);
  expect(breaker.waitMs(400)).toBe(600);
});

test('after the pause one trial goes and the others wait for it', () => {
  const breaker = opened();
  expect(breaker.state(1000)).toBe('HalfOpen');
  expect([breaker.admit(1000), breaker.admit(1000)]).toEqual([true, false]);
});

test('a trial that succeeds closes it', () => {
  const breaker = opened();
  breaker.admit(1000);
  breaker.succeeded();
  expect(breaker.state(1000)).toBe('Closed');
  breaker.failed(1000, LONGEST);
  expect(breaker.state(1000)).toBe('Closed');
});

test('trials that fail double the pause up to its limit', () => {
  const breaker = opened();
  const pauses: number[] = [];
  let now = 1000;
  for (let i = 0; i < 4; i += 1) {
    expect(breaker.admit(now)).toBe(true);
    breaker.failed(now, LONGEST);
    pauses.push(breaker.waitMs(now));
    now += breaker.waitMs(now);
  }
  expect(pauses).toEqual([2000, 4000, 4000, 4000]);
});

test('answers of requests that left before it opened do not lengthen the pause', () => {
  const breaker = opened();
  breaker.failed(500, LONGEST);
  expect(breaker.waitMs(500)).toBe(500);
});

test.each([
  [0, 500],
  [0.5, 750],
])('random number %d makes the first pause %d ms', (random, pause) => {
  const breaker = new Breaker(options);
  for (let i = 0; i < 3; i += 1) breaker.failed(0, random);
  expect(breaker.waitMs(0)).toBe(pause);
});

test('a trial that its caller gave up decides nothing: the next caller tries', () => {
  const breaker = opened();
  breaker.admit(1000);
  breaker.abandoned();
  expect(breaker.state(1000)).toBe('HalfOpen');
  expect(breaker.admit(1000)).toBe(true);
});
