import { request } from 'undici';
import { Credentials } from '../../src/adapters/kubernetes/credentials.ts';

interface AdministratorRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly contentType?: string;
  readonly body?: unknown;
}

/**
 * Changes the cluster as a person would, not as the operator: the oracle judges the operator's client by its user
 * agent. Some milliseconds each, where kubectl needs a process.
 */
export class Administrator {
  readonly #credentials: Credentials;

  constructor(kubeconfig: string) {
    this.#credentials = new Credentials({ kubeconfig });
  }

  /** Throws on any answer but success. */
  async send({
    method,
    path,
    contentType = 'application/json',
    body,
  }: AdministratorRequest): Promise<unknown> {
    const { server, dispatcher, headers } = await this.#credentials.endpoint();
    const answer = await request(server + path, {
      method,
      dispatcher,
      headers: { ...headers, 'user-agent': 'administrator', 'content-type': contentType },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text);
  }

  /** Makes a ConfigMap with one value, or changes it. */
  async putConfigMap(namespace: string, name: string, value: string): Promise<void> {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } };
    const path = `/api/v1/namespaces/${namespace}/configmaps/${name}?fieldManager=test&force=true`;
    await this.send({ method: 'PATCH', path, contentType: 'application/apply-patch+yaml', body });
  }

  async close(): Promise<void> {
    await this.#credentials.close();
  }
}
