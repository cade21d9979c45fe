/** What went wrong, for a program. */
export type EmbeddingsErrorCode =
  | 'NoKey' // the environment variable is not set
  | 'BadText' // an empty text
  | 'Unreachable'
  | 'Timeout'
  | 'Busy' // 429 or 503
  | 'ServerFailed' // another 5xx
  | 'Refused' // another status that is not 200
  | 'TooLarge'
  | 'BadAnswer';

/** Neither the key nor a text is ever part of the message. */
export class EmbeddingsError extends Error {
  override readonly name = 'EmbeddingsError';
  readonly code: EmbeddingsErrorCode;
  /** As the server asks, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: EmbeddingsErrorCode,
    message: string,
    options: ErrorOptions & { retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
