import { open } from 'node:fs/promises';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;

/** A pod whose containers cAdvisor saw. Times in ms since the epoch. */
export interface WatchedPod {
  readonly name: string;
  readonly createdAt: number;
  readonly until: number;
  /** Working set in bytes beside what is noise. */
  readonly memory: (at: number) => number;
}

export interface WatchedPast {
  readonly namespace: string;
  readonly from: number;
  readonly until: number;
  readonly pods: readonly WatchedPod[];
  readonly random: () => number;
}

/** Queries for what the workload itself measured. */
export const WATCHED = {
  requests: 'sum(watched_requests)',
  latency: 'max(watched_latency)',
} as const;

/** Requests per second: days that resemble each other. */
function loadAt(at: number): number {
  return 100 + 40 * Math.sin((2 * Math.PI * ((at / MINUTE) % DAY_MINUTES)) / DAY_MINUTES);
}

/**
 * Writes a sample a minute of what a usual workload shows, as OpenMetrics: its requests and latency, and for each pod the
 * series of cAdvisor, which follow the requests but for memory.
 */
export async function writeWatchedPast(file: string, past: WatchedPast): Promise<void> {
  const { namespace, from, until, random } = past;
  const times = Array.from({ length: Math.floor((until - from) / MINUTE) }, (_, i) => from + i * MINUTE);
  const loads = times.map((at) => loadAt(at) * (0.95 + 0.1 * random()));
  const handle = await open(file, 'w');
  const write = (name: string, type: 'gauge' | 'counter', lines: readonly string[]): Promise<unknown> =>
    handle.write(`# TYPE ${name} ${type}\n${lines.join('\n')}\n`);
  try {
    const own = (name: string, values: readonly number[]): readonly string[] =>
      times.map((at, i) => `${name}{namespace="${namespace}"} ${values[i]} ${at / 1000}`);
    await write('watched_requests', 'gauge', own('watched_requests', loads));
    const latencies = loads.map((load) => (0.05 + load / 5000) * (0.9 + 0.2 * random()));
    await write('watched_latency', 'gauge', own('watched_latency', latencies));
    const ofPods = (line: (pod: WatchedPod, at: number, i: number) => string): readonly string[] =>
      past.pods.flatMap((pod) =>
        times.flatMap((at, i) => (at >= pod.createdAt && at < pod.until ? [line(pod, at, i)] : [])),
      );
    const working = 'container_memory_working_set_bytes';
    const memory = ({ name, memory: usual }: WatchedPod, at: number): string =>
      `${working}{namespace="${namespace}",pod="${name}",container="app"} ${usual(at) + 5 * 2 ** 20 * random()} ${at / 1000}`;
    await write(working, 'gauge', ofPods(memory));
    const counters = [
      ['container_cpu_usage_seconds', 'container="app"', 0.005],
      ['container_network_receive_bytes', 'interface="eth0"', 500],
      ['container_network_transmit_bytes', 'interface="eth0"', 4000],
    ] as const;
    for (const [name, label, each] of counters) {
      const total = new Map<string, number>();
      const line = (pod: WatchedPod, at: number, i: number): string => {
        const added = 60 * each * (loads[i] ?? 0) * (0.97 + 0.06 * random());
        const sum = (total.get(pod.name) ?? 0) + added;
        total.set(pod.name, sum);
        return `${name}_total{namespace="${namespace}",pod="${pod.name}",${label}} ${sum} ${at / 1000}`;
      };
      await write(name, 'counter', ofPods(line));
    }
    await handle.write('# EOF\n');
  } finally {
    await handle.close();
  }
}
