import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { withLock } from './lock.ts';

const uniqueName = (): string => `lock-test-${process.pid}-${performance.now()}`;

describe('withLock', () => {
  test('runs work of the same name one after the other and lets other names pass', async () => {
    const name = uniqueName();
    const events: string[] = [];
    const work = async (who: string): Promise<void> => {
      events.push(`${who} begins`);
      await withLock(`${name}-of-${who}`, () => Promise.resolve());
      events.push(`${who} ends`);
    };
    await Promise.all(['a', 'b', 'c'].map((who) => withLock(name, () => work(who))));
    expect(events).toHaveLength(6);
    for (let index = 0; index < 6; index += 2) {
      expect(events[index + 1]).toBe(events[index]!.replace('begins', 'ends'));
    }
  });

  test('is free again after work that failed', async () => {
    const name = uniqueName();
    await expect(withLock(name, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(withLock(name, () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  test('is free again after its owner was killed', async () => {
    const name = uniqueName();
    const script = `
      import { withLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
      await withLock(${JSON.stringify(name)}, () => { console.log('have it'); return new Promise(() => setInterval(() => 0, 1000)); });`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    });
    await once(owner.stdout, 'data');
    let waited = false;
    const taken = withLock(
      name,
      () => Promise.resolve('taken'),
      () => {
        waited = true;
        owner.kill('SIGKILL');
      },
    );
    await expect(taken).resolves.toBe('taken');
    expect(waited).toBe(true);
  });
});
