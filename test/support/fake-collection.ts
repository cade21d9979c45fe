import type { ServerResponse } from 'node:http';
import type { KubeObject } from '../../src/adapters/kubernetes/objects.ts';
import {
  respond,
  startHttpFixture,
  type HttpFixture,
  type ReceivedRequest,
  type Reply,
} from './http-fixture.ts';

/**
 * One collection served over HTTP by the rules of the Kubernetes API, as far as a test scripts it: lists of what it
 * holds, and watches whose lines the test writes.
 */
export class FakeCollection {
  readonly path = '/api/v1/things';
  readonly watches: ServerResponse[] = [];
  /** Answers to lists and watches in place of the ordinary ones, each used once. */
  readonly listReplies: Reply[] = [];
  readonly watchReplies: Reply[] = [];
  readonly #objects = new Map<string, KubeObject>();
  readonly #fixture: HttpFixture;
  #version = 100;

  private constructor(fixture: HttpFixture) {
    this.#fixture = fixture;
    fixture.reply((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<FakeCollection> {
    return new FakeCollection(await startHttpFixture(respond('', 500)));
  }

  get url(): string {
    return this.#fixture.url;
  }

  /** The queries of all requests so far, with what they were. */
  get requests(): { verb: 'list' | 'watch'; query: URLSearchParams }[] {
    return this.#fixture.requests.map(({ path }) => {
      const query = new URL(path, this.url).searchParams;
      return { verb: query.get('watch') === 'true' ? 'watch' : 'list', query };
    });
  }

  count(verb: 'list' | 'watch'): number {
    return this.requests.filter((request) => request.verb === verb).length;
  }

  /** Changes what lists give, and returns the object; watches hear of it only by `send`. */
  put(name: string, fields: Record<string, unknown> = {}, uid = `uid-${name}`): KubeObject {
    this.#version += 1;
    const object = {
      ...fields,
      metadata: { namespace: 'ns', name, uid, resourceVersion: String(this.#version) },
    };
    this.#objects.set(name, object);
    return object;
  }

  remove(name: string): KubeObject {
    const object = this.#objects.get(name);
    if (object === undefined) throw new Error(`no object ${name}`);
    this.#objects.delete(name);
    this.#version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }

  /** Writes an event into the youngest watch. */
  send(type: string, object: unknown): void {
    this.write(`${JSON.stringify({ type, object })}\n`);
  }

  write(data: string | Uint8Array): void {
    this.watches.at(-1)?.write(data);
  }

  async stop(): Promise<void> {
    await this.#fixture.stop();
  }

  #answer(request: ReceivedRequest, response: ServerResponse): void {
    const watch = request.path.includes('watch=true');
    const scripted = (watch ? this.watchReplies : this.listReplies).shift();
    if (scripted !== undefined) scripted(request, response);
    else if (watch) this.#open(response);
    else respond(JSON.stringify(this.#list(request)))(request, response);
  }

  #open(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    this.watches.push(response);
  }

  #list(request: ReceivedRequest): unknown {
    const query = new URL(request.path, this.url).searchParams;
    const all = [...this.#objects.values()];
    const limit = Number.parseInt(query.get('limit') ?? String(all.length + 1), 10);
    const from = Number.parseInt(query.get('continue') ?? '0', 10);
    const next = from + limit < all.length ? { continue: String(from + limit) } : {};
    const metadata = { resourceVersion: String(this.#version), ...next };
    return { kind: 'ThingList', metadata, items: all.slice(from, from + limit) };
  }
}
