import { ObservationServer } from './server.ts';

describe('the observation server', () => {
  let problem = '';
  let server: ObservationServer;
  let url: string;

  beforeEach(async () => {
    problem = '';
    server = new ObservationServer({
      healthy: () => problem,
      ready: () => 'caches are not filled: pods',
      metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' }),
    });
    url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
  });

  afterEach(() => server.close());

  const get = async (path: string, method = 'GET'): Promise<[number, string]> => {
    const response = await fetch(url + path, { method });
    return [response.status, await response.text()];
  };

  test('answers ok while healthy and names what is wrong otherwise', async () => {
    expect(await get('/healthz')).toEqual([200, 'ok\n']);
    problem = 'the event loop was blocked for 9 s';
    expect(await get('/healthz')).toEqual([503, 'the event loop was blocked for 9 s\n']);
  });

  test('is not ready before the caches are filled', async () => {
    expect(await get('/readyz')).toEqual([503, 'caches are not filled: pods\n']);
  });

  test('serves the metrics', async () => {
    expect(await get('/metrics')).toEqual([200, 'up 1\n']);
  });

  test('serves nothing else and accepts no writes', async () => {
    expect((await get('/debug'))[0]).toBe(404);
    expect((await get('/metrics', 'POST'))[0]).toBe(405);
  });
});
