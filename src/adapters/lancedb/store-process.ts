// The process that has LanceDB in it, forked by knowledge-store.ts. LanceDB is native code that leaks some
// 50 kB for each commit and can abort: here it can be recycled and can die without the operator noticing.
// Arguments: the store's location as JSON.

import type { ReplyMessage, RequestMessage, StoreRequest, StoreResults } from './messages.ts';
import type { KnowledgeTables, StoreLocation } from './tables.ts';

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
  try {
    return { id, result: await perform(request) };
  } catch (error) {
    if (error instanceof StoreError) return { id, failure: error.reason, message: error.message };
    return { id, failure: 'WriteFailed', message: conciseMessage(error) };
  }
}

async function perform(request: StoreRequest): Promise<StoreResults[keyof StoreResults]> {
  if (request.op === 'repair') {
    tables?.close();
    tables = await Tables.repair(location, request.now);
    return null;
  }
  tables ??= await Tables.open(location);
  switch (request.op) {
    case 'open':
      return null;
    case 'append':
      await tables.append(request.batch, request.skipExisting);
      return { fragments: await tables.fragments() };
    case 'optimize':
      await tables.optimize(request.now);
      return null;
    case 'query':
      return tables.query(request.query);
  }
}
