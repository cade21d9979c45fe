import { Progress } from './progress.ts';

function recorded(interactive: boolean): {
  progress: Progress;
  lines: string[];
  later: (ms: number) => void;
} {
  const lines: string[] = [];
  let now = 0;
  const terminal = { out: () => undefined, err: (text: string) => void lines.push(text), interactive };
  return { progress: new Progress(terminal, 4, () => now), lines, later: (ms) => void (now += ms) };
}

describe('progress', () => {
  test('on a terminal is one line that is written over, and taken off in the end', () => {
    const { progress, lines, later } = recorded(true);
    later(60_000);
    progress.advance();
    later(1);
    progress.advance();
    later(30_000);
    progress.advance();
    progress.advance();
    progress.clear();
    expect(lines).toEqual([
      '\r1 of 4 simulations (25 %), about 3 min 0 s left',
      '\r3 of 4 simulations (75 %), about 31 s left     ',
      '\r4 of 4 simulations (100 %)                ',
      `\r${' '.repeat('4 of 4 simulations (100 %)'.length)}\r`,
    ]);
  });

  test('elsewhere is a line now and then', () => {
    const { progress, lines, later } = recorded(false);
    later(3_600_000 * 3);
    progress.advance();
    later(1000);
    progress.advance();
    later(10_000);
    progress.advance();
    progress.clear();
    expect(lines).toEqual([
      '1 of 4 simulations (25 %), about 9 h 0 min left\n',
      '3 of 4 simulations (75 %), about 1 h 0 min left\n',
    ]);
  });
});
