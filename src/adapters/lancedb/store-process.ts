// The process that has LanceDB in it, forked by knowledge-store.ts. LanceDB is native code that leaks some
// 50 kB for each commit and can abort: here it can be recycled and can die without the operator noticing.
// Arguments: the store's location as JSON.

import type { ReplyMessage, RequestMessage, StoreRequest, StoreResults } from './messages.ts';
import type { StoreLocation } from './open-table.ts';
import type { StoreFailure } from './store-error.ts';
import type { KnowledgeTables } from './tables.ts';

// Before LanceDB is loaded: it writes its own warnings to standard error, which is not JSON like our log.
process.env['LANCE_LOG'] ??= 'error';
process.env['RUST_LOG'] ??= 'error';
const { KnowledgeTables: Tables } = await import('./tables.ts');
const { conciseMessage, StoreError } = await import('./store-error.ts');

const location = JSON.parse(process.argv[2] ?? '') as StoreLocation;
let tables: KnowledgeTables | undefined;
let last: Promise<void> = Promise.resolve();

process.on('message', (message: RequestMessage) => {
  last = last.then(async () => {
    const reply = await answer(message);
    process.send?.(reply);
  });
});

// The operator is gone or wants no more: what is under way is finished, then nothing keeps this process alive.
process.on('disconnect', () => {
  void last.then(() => process.exit(0));
});

async function answer({ id, request }: RequestMessage): Promise<ReplyMessage> {
  const outcome = await perform(request).then((result) => ({ result }), failureOf);
  return { id, residentBytes: process.memoryUsage.rss(), ...outcome };
}

function failureOf(error: unknown): { readonly failure: StoreFailure; readonly message: string } {
  if (error instanceof StoreError) return { failure: error.reason, message: error.message };
  return { failure: 'WriteFailed', message: conciseMessage(error) };
}

async function perform(request: StoreRequest): Promise<StoreResults[keyof StoreResults]> {
  if (request.op === 'repair') {
    tables?.close();
    tables = undefined;
    const repaired = await Tables.repair(location, request.now);
    tables = repaired.tables;
    return { emptied: repaired.emptied };
  }
  tables ??= await Tables.open(location);
  return isReading(request) ? read(tables, request) : write(tables, request);
}

type Reading = Extract<StoreRequest, { op: 'sizes' | 'query' | 'rows' | 'situations' | 'featuresAsOf' }>;

function isReading(request: StoreRequest): request is Reading {
  return ['sizes', 'query', 'rows', 'situations', 'featuresAsOf'].includes(request.op);
}

async function read(from: KnowledgeTables, request: Reading): Promise<StoreResults[Reading['op']]> {
  switch (request.op) {
    case 'sizes':
      return from.sizes();
    case 'query':
      return from.query(request.query);
    case 'rows':
      return from.rows(request.table, request.query);
    case 'situations':
      return from.situations(request.limit);
    case 'featuresAsOf':
      return from.featuresAsOf(request.labels);
  }
}

type Writing = Exclude<StoreRequest, Reading | { op: 'repair' }>;

async function write(to: KnowledgeTables, request: Writing): Promise<StoreResults[Writing['op']]> {
  switch (request.op) {
    case 'open':
      await to.mustHave(request.versions);
      return null;
    case 'verify':
      return { corrupt: await to.verify() };
    case 'append':
      await to.append(request.batch, request.skipExisting);
      return { fragments: await to.fragments(), versions: await to.versions() };
    case 'appendFeatures':
      await to.appendFeatures(request.batches);
      return { fragments: await to.fragments() };
    case 'forget':
      await to.forget(request.whom);
      return null;
    case 'maintain':
      await to.maintain(request.limits, request.now, request.keepVersionsMs);
      return to.sizes();
  }
}
