import { z } from 'zod';

const address = z.string().superRefine((text, context) => {
  const problem = addressProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

function addressProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return 'must be a URL such as https://api.openai.com/v1';
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `must begin with http:// or https://, found ${url.protocol}//`;
  if (url.username !== '' || url.password !== '')
    return 'must not carry a user or password: use apiKeyVariable';
  if (url.search !== '' || url.hash !== '') return 'must not carry a query or fragment';
  return undefined;
}

/** How to reach an endpoint that turns texts into vectors, as OpenAI, vLLM, Ollama, LocalAI and others serve it. */
export const embeddingsOptionsSchema = z
  .strictObject({
    url: address.describe('Base address, with the version: /embeddings is added.'),
    model: z.string().min(1).max(256).describe('As the endpoint calls it.'),
    dimensions: z.int().min(1).max(1024).describe('Numbers in each vector; any other answer is refused.'),
    requestDimensions: z
      .boolean()
      .default(false)
      .describe('Asks for that many, of models that can give fewer than they have; others refuse the field.'),
    apiKeyVariable: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'must be the name of an environment variable' })
      .optional()
      .describe('Environment variable that holds the key; without it none is sent.'),
    batchSize: z.int().min(1).max(2048).default(64).describe('Texts in one request.'),
    deadlineSeconds: z.number().min(0.1).max(300).default(10).describe('For one request with its answer.'),
    attempts: z.int().min(1).max(10).default(3).describe('How often one request is sent at most.'),
    maxAnswerBytes: z
      .int()
      .min(1000)
      .max(1_000_000_000)
      .default(32_000_000)
      .describe('64 vectors of 1024 numbers are about 1.4 MB of JSON.'),
  })
  .describe('Optional endpoint for text embeddings');

export type EmbeddingsOptions = z.output<typeof embeddingsOptionsSchema>;
