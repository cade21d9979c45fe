import type { Agreement, Difference, Explanation } from './hpa-agreement.ts';
import type { HpaCase } from './hpa-cases.ts';

/** All cases together. */
export function total(agreements: Iterable<Agreement>): Agreement {
  let sum: Agreement = { decisions: 0, equal: 0, changes: 0, equalChanges: 0, differences: [] };
  for (const one of agreements) {
    sum = {
      decisions: sum.decisions + one.decisions,
      equal: sum.equal + one.equal,
      changes: sum.changes + one.changes,
      equalChanges: sum.equalChanges + one.equalChanges,
      differences: [...sum.differences, ...one.differences],
    };
  }
  return sum;
}

/** A table for people: each case, the sum, and why decisions differed. */
export function agreementTable(compared: ReadonlyMap<HpaCase, Agreement>): string {
  const all = total(compared.values());
  const lines = [
    row('HPA and rival', 'through', 'decisions', 'equal', 'changes', 'equal'),
    ...[...compared].map(([one, agreement]) => agreementRow(one.name, one.through, agreement)),
    agreementRow('all', '', all),
    ...[...byExplanation(all.differences)].map(([why, count]) => `  ${count} × ${why}`),
    ...[...compared].flatMap(([{ name }, { differences }]) => differences.map((one) => shown(name, one))),
  ];
  return `${lines.join('\n')}\n`;
}

function agreementRow(name: string, through: string, one: Agreement): string {
  const { decisions, equal, changes, equalChanges } = one;
  return row(name, through, String(decisions), String(equal), String(changes), String(equalChanges));
}

function row(name: string, through: string, ...numbers: readonly string[]): string {
  return `${name.padEnd(24)}${through.padEnd(12)}${numbers.map((text) => text.padStart(10)).join('')}`;
}

function byExplanation(differences: readonly Difference[]): ReadonlyMap<Explanation, number> {
  const counts = new Map<Explanation, number>();
  for (const { explanation } of differences) counts.set(explanation, (counts.get(explanation) ?? 0) + 1);
  return counts;
}

function shown(name: string, { sync, rival, explanation }: Difference): string {
  const at = new Date(sync.at).toISOString().slice(11, 23);
  return `  ${at} ${name}: from ${sync.current}, HPA ${sync.decided}, rival ${rival} (${explanation})`;
}
