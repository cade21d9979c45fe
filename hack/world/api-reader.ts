import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, request } from 'undici';
import type { GetJson } from './cluster.ts';

export interface ApiReader {
  readonly get: GetJson;
  stop(): Promise<void>;
}

/** Reads the API server that a kubeconfig's current context names, with its certificates. */
export async function apiReader(kubeconfig: string): Promise<ApiReader> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error(`${kubeconfig}: the current context names no cluster`);
  const { ca, cert, key } = await tlsOf(config);
  // The world looks once a second: an answer that takes five is worth less than the next question.
  const agent = new Agent({ connect: { ca, cert, key }, headersTimeout: 5000, bodyTimeout: 5000 });
  return {
    get: async (path) => {
      const { statusCode, body } = await request(new URL(path, server), {
        dispatcher: agent,
        // Its own name: whoever reads the audit log must not take the world's reading for the operator's.
        headers: { 'user-agent': 'autonomic-world' },
      });
      if (statusCode === 200) return body.json();
      throw new Error(`GET ${path}: HTTP ${statusCode}: ${(await body.text()).slice(0, 200)}`);
    },
    stop: () => agent.destroy(),
  };
}

async function tlsOf(config: KubeConfig): Promise<Pick<RequestOptions, 'ca' | 'cert' | 'key'>> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}
