import { stringify } from 'yaml';
import { InputError, type Terminal } from '../verb.ts';
import { explainDocument } from './explain-document.ts';
import { explainedPolicy, type ExplainedPolicy } from './explained-policy.ts';
import { parseFlags, type ExplainFlags } from './flags.ts';
import { textWidth } from './layout.ts';
import { listView } from './list-view.ts';
import { chosenDecisions, policyView } from './policy-view.ts';
import { readPolicies } from './read-policies.ts';

/** @throws UsageError, InputError */
export async function runExplain(args: readonly string[], terminal: Terminal): Promise<void> {
  const flags = parseFlags(args);
  const { namespace, objects } = await readPolicies(flags);
  const [policy] = objects;
  if (flags.policy === undefined) printList({ flags, namespace, objects }, terminal);
  else printPolicy(explainedPolicy(policy), flags, terminal);
}

function printPolicy(policy: ExplainedPolicy, { decisions, format }: ExplainFlags, terminal: Terminal): void {
  if (typeof decisions === 'object' && chosenDecisions(policy, decisions).length === 0) {
    throw new InputError(missingDecision(policy, decisions.id));
  }
  if (format === 'text') {
    const width = textWidth(terminal.columns);
    terminal.out(policyView(policy, { now: Date.now(), width, decisions }));
  } else {
    printDocument(explainDocument(policy, decisions), format, terminal);
  }
}

function missingDecision(
  { namespace, name, status: { decisions = [] } }: ExplainedPolicy,
  id: string,
): string {
  const kept = decisions.map((decision) => decision.id).join(', ');
  const which = kept === '' ? 'it keeps none yet' : `it keeps ${kept}`;
  return (
    `policy ${namespace}/${name} does not keep the decision "${id}": ${which}; ` +
    `older ones: kubectl autonomic decisions -n ${namespace} --policy ${name}`
  );
}

interface List {
  readonly flags: ExplainFlags;
  readonly namespace: string;
  readonly objects: readonly unknown[];
}

/** One that cannot be read must not hide the others. */
function printList({ flags, namespace, objects }: List, terminal: Terminal): void {
  const policies = objects.flatMap((object) => {
    try {
      return [explainedPolicy(object)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      terminal.err(`warning: ${error.message}\n`);
      return [];
    }
  });
  if (flags.format !== 'text') {
    const documents = policies.map((policy) => explainDocument(policy, flags.decisions));
    printDocument({ policies: documents }, flags.format, terminal);
  } else if (objects.length === 0) {
    terminal.err(
      `No AutonomicPolicy in namespace "${namespace}": "kubectl get autonomicpolicies -A" shows those of all namespaces.\n`,
    );
  } else {
    terminal.out(listView(policies, Date.now(), textWidth(terminal.columns)));
  }
}

function printDocument(document: unknown, format: 'json' | 'yaml', terminal: Terminal): void {
  terminal.out(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : stringify(document));
}
