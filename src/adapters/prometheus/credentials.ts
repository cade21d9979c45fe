import { prometheusError, type PrometheusError } from './error.ts';
import type { PrometheusOptions } from './options.ts';
import { ok, type Result } from './result.ts';
import { SecretFile } from './secret-file.ts';

/** PEM texts for the connection; absent ones stay Node's defaults. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

export interface CurrentCredentials {
  /** Value of the `Authorization` header. */
  readonly authorization?: string;
  readonly tls: TlsMaterial;
}

/** What proves who we are, as the files say it now. */
export class Credentials {
  readonly #token: SecretFile | undefined;
  readonly #tls: ReadonlyMap<'ca' | 'cert' | 'key', SecretFile>;
  readonly #serverName: string | undefined;

  constructor(options: Pick<PrometheusOptions, 'bearerTokenFile' | 'tls'>, now: () => number) {
    const file = (path: string): SecretFile => new SecretFile(path, now);
    this.#token = options.bearerTokenFile === undefined ? undefined : file(options.bearerTokenFile);
    const tls = new Map<'ca' | 'cert' | 'key', SecretFile>();
    if (options.tls?.caFile !== undefined) tls.set('ca', file(options.tls.caFile));
    if (options.tls?.certFile !== undefined) tls.set('cert', file(options.tls.certFile));
    if (options.tls?.keyFile !== undefined) tls.set('key', file(options.tls.keyFile));
    this.#tls = tls;
    this.#serverName = options.tls?.serverName;
  }

  async current(): Promise<Result<CurrentCredentials, PrometheusError>> {
    const tls: { ca?: string; cert?: string; key?: string; servername?: string } = {};
    for (const [part, file] of this.#tls) {
      const text = await file.read();
      if (!text.ok) return text;
      tls[part] = text.value;
    }
    if (this.#serverName !== undefined) tls.servername = this.#serverName;
    if (this.#token === undefined) return ok({ tls });
    const token = await this.#token.read();
    if (!token.ok) return token;
    const text = token.value.trim();
    // A header must not contain line ends or controls; RFC 6750 allows less still.
    if (!/^[\x21-\x7e]+$/.test(text)) {
      return prometheusError('Credentials', 'bearerTokenFile holds no single token of printable ASCII');
    }
    return ok({ authorization: `Bearer ${text}`, tls });
  }
}
