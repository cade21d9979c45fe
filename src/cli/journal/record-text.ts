type Fields = Readonly<Record<string, unknown>>;

/** What a record says, in a line, by its kind. */
const TEXTS: Readonly<Record<string, (record: Fields) => string>> = {
  Intent: changeText,
  Proposal: changeText,
  Applied: () => '',
  Aborted: ({ reason, message }) => `${textOf(reason)}: ${textOf(message)}`,
  Closed({ outcome }) {
    const { result, message } = fieldsOf(outcome);
    return message === undefined ? textOf(result) : `${textOf(result)}: ${textOf(message)}`;
  },
  Exported({ through }) {
    const { segment, offset } = fieldsOf(through);
    return `everything before ${textOf(segment)}:${textOf(offset)}`;
  },
  Situation({ situation }) {
    const { workload, action, summary } = fieldsOf(situation);
    const { from, to, arm } = fieldsOf(action);
    const change = `${textOf(fieldsOf(workload)['name'])} ${textOf(from)}→${textOf(to)}`;
    return `${change} by ${textOf(arm)}: ${textOf(summary)}`;
  },
  Anomaly({ anomaly }) {
    const { signal, severity, message, kind } = fieldsOf(anomaly);
    return `${textOf(severity)} ${textOf(kind)} of ${textOf(signal)}: ${textOf(message)}`;
  },
  Document({ document }) {
    const { title, source, removed } = fieldsOf(document);
    return `${removed === true ? 'removed: ' : ''}${textOf(title)} (${textOf(source)})`;
  },
};

/** In a line; of a kind that nothing is known of, its numbers and words by their names. */
export function recordText(kind: string, record: Fields): string {
  return (Object.hasOwn(TEXTS, kind) ? TEXTS[kind] : scalars)?.(record) ?? '';
}

/** A field's value as people read it; nothing where it is absent or null. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function changeText({ target, decision, previousReplicas, nextReplicas }: Fields): string {
  const { name } = fieldsOf(target);
  const { message } = fieldsOf(decision);
  const change = `${textOf(name)} ${textOf(previousReplicas)}→${textOf(nextReplicas)}`;
  return message === undefined ? change : `${change}: ${textOf(message)}`;
}

const SHOWN_ELSEWHERE = new Set(['kind', 'at', 'decisionId']);

/** `name=value` of what is no object, the carried object's own too. */
function scalars(record: Fields): string {
  const own = Object.entries(record).filter(([name]) => !SHOWN_ELSEWHERE.has(name));
  const inner = own.flatMap(([, value]) => Object.entries(fieldsOf(value)));
  return [...own, ...inner.filter(([name]) => !SHOWN_ELSEWHERE.has(name))]
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .join(' ');
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
