import { EmbeddingsError } from './error.ts';

/**
 * The vectors of an answer of `/v1/embeddings`, in the order of the texts, whatever order the endpoint has.
 * @throws EmbeddingsError BadAnswer for anything but `count` vectors of `dimensions` finite numbers
 */
export function parseVectors(body: string, count: number, dimensions: number): Float32Array[] {
  const entries = entriesOf(body);
  if (entries.length !== count) {
    throw bad(`asked for ${count} vectors, found ${entries.length}`);
  }
  const vectors = new Array<Float32Array | undefined>(count).fill(undefined);
  for (const entry of entries) {
    const { index, embedding } = entry;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= count) {
      throw bad(`data[].index must be a whole number below ${count}, found ${JSON.stringify(index)}`);
    }
    if (vectors[index] !== undefined) throw bad(`two vectors have the index ${index}`);
    vectors[index] = vectorOf(embedding, index, dimensions);
  }
  // As many as there are places, and none twice: each place has one.
  return vectors as Float32Array[];
}

interface Entry {
  readonly index?: unknown;
  readonly embedding?: unknown;
}

function entriesOf(body: string): readonly Entry[] {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw bad('the answer is not JSON: check that the address is that of an OpenAI-compatible API');
  }
  const data = typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : undefined;
  const isEntries = Array.isArray(data) && data.every((each) => typeof each === 'object' && each !== null);
  if (!isEntries) throw bad('the answer has no list "data" of objects');
  return data as Entry[];
}

function vectorOf(embedding: unknown, index: number, dimensions: number): Float32Array {
  if (!Array.isArray(embedding)) throw bad(`vector ${index} is no list of numbers`);
  if (embedding.length !== dimensions) {
    throw bad(`vector ${index} has ${embedding.length} dimensions, configured are ${dimensions}`);
  }
  const vector = new Float32Array(dimensions);
  for (const [place, value] of (embedding as unknown[]).entries()) {
    // Beyond 3.4e38 a Float32 is infinite.
    const number = typeof value === 'number' ? Math.fround(value) : NaN;
    if (!Number.isFinite(number)) throw bad(`vector ${index} is not finite in dimension ${place}`);
    vector[place] = number;
  }
  return vector;
}

function bad(message: string): EmbeddingsError {
  return new EmbeddingsError('BadAnswer', message);
}
