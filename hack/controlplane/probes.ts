import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { paths } from './components.ts';

/**
 * Whether the etcd on `port` is the one called `name` and has a leader: listing members is a linearizable read. The name
 * matters because another control plane may have taken the port.
 */
export async function etcdAnswers(port: number, name: string): Promise<boolean> {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/v3/cluster/member/list`, {
    method: 'POST',
    body: '{}',
  });
  const text = await body.text();
  return statusCode === 200 && text.includes(`"name":"${name}"`);
}

/** Questions to the API server as administrator. */
export class ApiProbe {
  readonly #url: string;
  readonly #agent: Agent;

  private constructor(url: string, agent: Agent) {
    this.#url = url;
    this.#agent = agent;
  }

  static async create(url: string, dir: string): Promise<ApiProbe> {
    const [ca, cert, key] = await Promise.all(
      ['ca.crt', 'admin.crt', 'admin.key'].map((name) => readFile(join(paths.pki(dir), name), 'utf8')),
    );
    return new ApiProbe(url, new Agent({ connect: { ca, cert, key } as object }));
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async isReady(): Promise<boolean> {
    return (await this.#get('/readyz')).status === 200;
  }

  /** The controller manager works: pods cannot be created before this account is there. */
  async hasDefaultServiceAccount(): Promise<boolean> {
    return (await this.#get('/api/v1/namespaces/default/serviceaccounts/default')).status === 200;
  }

  /** At least `count` nodes are ready and take pods. */
  async hasReadyNodes(count: number): Promise<boolean> {
    const { status, text } = await this.#get('/api/v1/nodes');
    if (status !== 200) return false;
    const { items } = JSON.parse(text) as { items: NodeObject[] };
    return items.filter(takesPods).length >= count;
  }

  async #get(path: string): Promise<{ status: number; text: string }> {
    const { statusCode, body } = await request(this.#url + path, { dispatcher: this.#agent });
    return { status: statusCode, text: await body.text() };
  }
}

interface NodeObject {
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

function takesPods({ spec, status }: NodeObject): boolean {
  const ready = status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
  return ready && (spec.taints ?? []).length === 0;
}
