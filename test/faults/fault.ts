import type { KubeRequestInfo } from './kube-request.ts';

/** What goes wrong with a request. */
export type Fault =
  /** Forwarded after a while. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Answered by the proxy; the API server never sees it. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** An object is sent as JSON. */
      readonly body?: unknown;
    }
  /** The connection is reset before anything is forwarded. */
  | { readonly kind: 'reset' }
  /** The API server's answer is cut after so many bytes of its body. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** Neither forwarded nor answered; the connection stays open. */
  | { readonly kind: 'blackhole' }
  /** Each line of the answer becomes the lines returned: none drops it, two add one, another text corrupts it. */
  | { readonly kind: 'lines'; readonly rewrite: (line: string, index: number) => readonly string[] }
  /** The body comes in pieces of so many bytes, each in a packet of its own. */
  | { readonly kind: 'chop'; readonly bytes: number }
  /**
   * Runs in the middle of the request: before it reaches the API server, after the server has done it but before
   * the client hears of it, or after the client was answered. A promise holds the request up.
   */
  | {
      readonly kind: 'call';
      readonly when: 'beforeForward' | 'afterForward' | 'afterReply';
      readonly run: (request: KubeRequestInfo) => void | Promise<void>;
    };

export interface Rule extends Partial<KubeRequestInfo> {
  /** Found in the request's body; any body when left out. */
  readonly body?: RegExp;
  /** The first matching request that is hit, counted from 1; the first when left out. */
  readonly nth?: number;
  /** How many in a row are hit; all further ones when left out. */
  readonly times?: number;
  readonly fault: Fault;
}

/** A rule in force. */
export class ArmedRule {
  readonly #rule: Rule;
  #seen = 0;
  #hits = 0;
  #removed = false;

  constructor(rule: Rule) {
    this.#rule = rule;
  }

  /** How many requests it has hit. */
  get hits(): number {
    return this.#hits;
  }

  remove(): void {
    this.#removed = true;
  }

  /** Counts the request if it matches. Returns the fault if it is to be hit. */
  take(request: KubeRequestInfo, body: string): Fault | undefined {
    if (this.#removed || !matches(this.#rule, request)) return undefined;
    if (this.#rule.body?.test(body) === false) return undefined;
    this.#seen += 1;
    const { nth = 1, times = Infinity, fault } = this.#rule;
    if (this.#seen < nth || this.#seen >= nth + times) return undefined;
    this.#hits += 1;
    return fault;
  }
}

/** Every field that the pattern has is equal in the request. */
export function matches(pattern: Partial<KubeRequestInfo>, request: KubeRequestInfo): boolean {
  const fields = ['verb', 'resource', 'subresource', 'namespace', 'name'] as const;
  return fields.every((field) => pattern[field] === undefined || pattern[field] === request[field]);
}
