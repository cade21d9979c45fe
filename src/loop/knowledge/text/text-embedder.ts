/**
 * Turns texts into vectors, outside of the loop: by an endpoint that people name. Optional: without one, text is found by
 * its words and their pieces alone.
 */
export interface TextEmbedder {
  /** Names the vectors' space, as `text-embedding-3-small/512`: vectors of different spaces do not compare. */
  readonly space: string;
  readonly dimensions: number;
  /**
   * One vector of `dimensions` finite numbers for each text, in order.
   * @throws when the endpoint does not answer in time or answers with something else
   */
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly Float32Array[]>;
}

/** A text's vector in a space, made at the edge. */
export interface EmbeddedText {
  readonly space: string;
  readonly vector: Float32Array;
}
