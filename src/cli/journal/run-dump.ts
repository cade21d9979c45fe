import { stat } from 'node:fs/promises';
import { stringify } from 'yaml';
import { readJournal, type JournalEntry, type JournalReport } from '../../adapters/journal/read-journal.ts';
import { InputError, type Terminal } from '../verb.ts';
import { parseDumpFlags, type DumpFlags } from './dump-flags.ts';
import { dumpTable } from './dump-table.ts';
import { EntryReader, type SeenEntry } from './entry-filter.ts';

/** @throws UsageError; InputError when the journal is damaged, after everything else was printed */
export async function runDump(args: readonly string[], terminal: Terminal, now: number): Promise<void> {
  const flags = parseDumpFlags(args, now);
  await checkFolder(flags.folder);
  const reader = new EntryReader(flags.wanted);
  const entries: SeenEntry[] = [];
  const report = await readJournal(flags.folder, (entry) => {
    const seen = reader.take(entry);
    if (seen === undefined) return;
    if (flags.format === 'jsonl') terminal.out(`${JSON.stringify(document(seen))}\n`);
    else entries.push(seen);
  });
  print(entries, report, { flags, terminal });
  tell(report, terminal);
  const [first, ...more] = report.damage;
  if (first === undefined) return;
  for (const { message } of more) terminal.err(`damaged: ${message}\n`);
  throw new InputError(
    `the journal is damaged: ${first.message}${more.length === 0 ? '' : `, and ${more.length} more`}`,
  );
}

async function checkFolder(folder: string): Promise<void> {
  const hint =
    'it is the folder "journal" in the stateDirectory of the operator, by default /var/lib/autonomic';
  const found = await stat(folder).catch((error: unknown) => {
    throw new Error(`cannot read ${folder}: ${(error as Error).message}; ${hint}`, { cause: error });
  });
  if (!found.isDirectory()) throw new Error(`${folder} is no folder, and a journal is one; ${hint}`);
}

function print(
  entries: readonly SeenEntry[],
  report: JournalReport,
  { flags, terminal }: { readonly flags: DumpFlags; readonly terminal: Terminal },
): void {
  const { format, folder } = flags;
  if (format === 'jsonl') return;
  if (format === 'table') {
    if (entries.length > 0) terminal.out(dumpTable(entries));
    else terminal.err(nothing(report, folder));
    return;
  }
  const { segments, bytes, damage, tails, unknownKinds } = report;
  const whole = {
    journal: { segments, bytes, damage, tails, unknownKinds: Object.fromEntries(unknownKinds) },
    records: entries.map(document),
  };
  terminal.out(format === 'json' ? `${JSON.stringify(whole, null, 2)}\n` : stringify(whole));
}

function nothing({ segments, records }: JournalReport, folder: string): string {
  return segments === 0
    ? `No segment of a journal (000000000001.journal, …) in ${folder}.\n`
    : `None of the ${records} records in ${segments} segments of ${folder} is such.\n`;
}

function document({ segment, offset, record }: JournalEntry): object {
  return { segment, offset, record };
}

function tell({ tails, unknownKinds }: JournalReport, terminal: Terminal): void {
  for (const { message } of tails) terminal.err(`note: ${message}\n`);
  for (const [kind, count] of unknownKinds) {
    terminal.err(`note: ${count} records of the kind "${kind}", which this version does not know\n`);
  }
}
