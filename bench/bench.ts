import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { markdown, writeReport, type SuiteResult } from './report.ts';
import { SUITES } from './suites.ts';
import { meets, type Findings } from './suite.ts';

const USAGE = `node bench/bench.ts [SUITE ...] [--data FOLDER] [--seed N]

${SUITES.map(({ name, title, onlyByName }) => `  ${name.padEnd(22)} ${title}${onlyByName ? ' (only by name)' : ''}`).join('\n')}

  --data FOLDER  measured series for forecast and autoscaling; ../shared/data by default
  --seed N       of all that is random; 1 by default`;

const ROOT = join(import.meta.dirname, '..');

class UsageError extends Error {}

interface Call {
  readonly suites: readonly string[];
  readonly data: string;
  readonly seed: number;
}

function parseCall(args: readonly string[]): Call {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { data: { type: 'string' }, seed: { type: 'string', default: '1' } },
  });
  const known = SUITES.map(({ name }) => name);
  const usual = SUITES.filter(({ onlyByName }) => onlyByName !== true).map(({ name }) => name);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`no suite is called '${unknown}'; there are ${known.join(', ')}`);
  if (!/^\d{1,9}$/.test(values.seed))
    throw new UsageError(`--seed must be a whole number up to 999999999, found ${values.seed}`);
  return {
    suites: positionals.length === 0 ? usual : positionals,
    data: resolve(values.data ?? join(ROOT, '../shared/data')),
    seed: Number.parseInt(values.seed, 10),
  };
}

/** In a process of its own: a suite's figures must not depend on the heap and the compiled code of another. */
async function runSuite(name: string, { data, seed }: Call): Promise<SuiteResult> {
  const machine = describeMachine();
  const startedAt = new Date();
  const child = fork(join(import.meta.dirname, 'suite-process.ts'), [name, data, String(seed)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  let findings: Findings | undefined;
  child.on('message', (message: Findings) => {
    findings = message;
  });
  await once(child, 'exit');
  if (findings === undefined) throw new Error(`the suite ${name} ended without figures`);
  return {
    suite: name,
    title: SUITES.find((suite) => suite.name === name)?.title ?? name,
    machine,
    seed,
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    ...findings,
  };
}

async function main(): Promise<void> {
  const call = parseCall(process.argv.slice(2));
  const results: SuiteResult[] = [];
  for (const name of call.suites) {
    const result = await runSuite(name, call);
    console.log(`\n${markdown([result])}`);
    results.push(result);
  }
  const files = writeReport(join(import.meta.dirname, 'results'), results);
  console.log(`Written: ${files.join(', ')}`);
  const missed = results.flatMap(({ figures }) => figures).filter((figure) => meets(figure) === false);
  for (const { name, value, unit } of missed) console.log(`Goal missed: ${name}: ${value} ${unit}`);
}

try {
  await main();
} catch (error) {
  const wrongCall =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(`bench: ${(error as Error).message}${wrongCall ? `\n\n${USAGE}` : ''}`);
  process.exitCode = wrongCall ? 2 : 1;
}
