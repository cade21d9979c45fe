import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort, withFreePort } from './ports.ts';
import { PortTakenError } from './wait.ts';

describe('withFreePort', () => {
  test('hands over a port on which one can listen', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    expect(port).toBeLessThan(32_768);
  });

  test('tries other ports when somebody else was faster', async () => {
    const tried: number[] = [];
    const answer = await withFreePort((port) => {
      tried.push(port);
      return tried.length < 3 ? Promise.reject(new PortTakenError('taken')) : Promise.resolve('listening');
    });
    expect(answer).toBe('listening');
    expect(tried).toHaveLength(3);
  });

  test('gives up after five attempts', async () => {
    let attempts = 0;
    const start = (): Promise<never> => {
      attempts++;
      return Promise.reject(new PortTakenError('taken'));
    };
    await expect(withFreePort(start)).rejects.toThrow('taken');
    expect(attempts).toBe(5);
  });

  test('does not repeat what failed for another reason', async () => {
    let attempts = 0;
    const start = (): Promise<never> => {
      attempts++;
      return Promise.reject(new Error('bad flag'));
    };
    await expect(withFreePort(start)).rejects.toThrow('bad flag');
    expect(attempts).toBe(1);
  });
});
