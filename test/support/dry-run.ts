import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, request } from 'undici';
import type { Cluster } from '../../hack/controlplane/cluster.ts';

/**
 * Asks the API server, as the administrator and not as the operator, what it would say to a new object. Some
 * milliseconds each, where kubectl needs a process.
 */
export class DryRun {
  readonly #url: string;
  readonly #agent: Agent;

  constructor({ url, caFile, kubeconfig }: Cluster) {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const user = config.getCurrentUser();
    if (user?.certFile === undefined || user.keyFile === undefined)
      throw new Error(`${kubeconfig} has no certificate`);
    const [ca, cert, key] = [caFile, user.certFile, user.keyFile].map((file) => readFileSync(file));
    this.#url = url;
    this.#agent = new Agent({ connect: { ca, cert, key } });
  }

  /**
   * @param collection path that the object would be posted to.
   * @returns why the object is refused (the message that kubectl shows); empty when it is not.
   */
  async create(collection: string, object: object): Promise<string> {
    const { statusCode, body } = await request(`${this.#url}${collection}`, {
      method: 'POST',
      query: { dryRun: 'All', fieldValidation: 'Strict' },
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(object),
      dispatcher: this.#agent,
    });
    const { message } = (await body.json()) as { message?: string };
    if (statusCode === 201) return '';
    if (statusCode === 400 || statusCode === 422) return message ?? `status ${statusCode}`;
    throw new Error(`dry run of POST ${collection}: ${statusCode} ${message ?? ''}`);
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}
