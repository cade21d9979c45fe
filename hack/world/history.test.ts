import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHistory, type HistoryOptions } from './history.ts';

const hour = 3_600_000;
const until = Date.UTC(2025, 0, 1, 0, 0, 10);
const options: HistoryOptions = {
  workloads: ['web', 'api'].map((name) => ({ namespace: 'shop', name, demand: () => 30 })),
  from: until - 30 * hour,
  until,
  job: 'world',
  instance: '127.0.0.1:9',
};

async function written(): Promise<string[]> {
  const files = await writeHistory(await mkdtemp(join(tmpdir(), 'history-')), options);
  return Promise.all(files.map((file) => readFile(file, 'utf8')));
}

describe('the written past', () => {
  it('is one file for each 18 hours since the epoch, each complete', async () => {
    const texts = await written();
    expect(texts).toHaveLength(3);
    for (const text of texts) {
      expect(text.endsWith('\n# EOF\n')).toBe(true);
      expect(text.indexOf('# EOF')).toBe(text.length - '# EOF\n'.length);
      const times = text.match(/(?<= )\d+$/gm)?.map(Number) ?? [];
      expect(new Set(times.map((time) => Math.floor(time / (18 * 3600)))).size).toBe(1);
    }
  });

  it('has every half minute of every workload once, under the labels of the scrape', async () => {
    const lines = (await written()).join('').split('\n');
    for (const name of ['web', 'api']) {
      const series = `kube_deployment_spec_replicas{namespace="shop",deployment="${name}",job="world",instance="127.0.0.1:9"}`;
      const times = lines.filter((line) => line.startsWith(series)).map((line) => Number(line.split(' ')[2]));
      expect(times).toEqual(Array.from({ length: 3600 }, (_, i) => until / 1000 - 10 - 30 * (3599 - i)));
    }
  });

  it('is the same again for the same load', async () => {
    expect(await written()).toEqual(await written());
  });
});
