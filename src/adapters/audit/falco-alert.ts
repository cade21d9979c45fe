import {
  ALERT_PRIORITIES,
  type AlertPriority,
  type RuntimeAlert,
} from '../../loop/analyze/threat/runtime-alerts.ts';
import { BodyError, objectAt, parseObject, textAt } from './body-error.ts';
import { boundedText } from './bounded-text.ts';

const MAX_OUTPUT = 512;

/**
 * One alert as Falco's `http_output` with `json_output: true` and Falcosidekick's webhook send it.
 * @throws BodyError when it is something else
 */
export function parseFalcoAlert(body: string): RuntimeAlert {
  const alert = parseObject(body);
  const rule = boundedText(textAt(alert['rule'], 'rule'));
  const output = textAt(alert['output'], 'output');
  const priority = priorityOf(textAt(alert['priority'], 'priority'));
  const fields =
    alert['output_fields'] === undefined || alert['output_fields'] === null
      ? {}
      : objectAt(alert['output_fields'], 'output_fields');
  const field = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? boundedText(value) : '';
  };
  return {
    priority,
    rule,
    namespace: field('k8s.ns.name'),
    pod: field('k8s.pod.name'),
    message: boundedText(output, MAX_OUTPUT),
  };
}

function priorityOf(text: string): AlertPriority {
  const known = ALERT_PRIORITIES.find((priority) => priority.toLowerCase() === text.toLowerCase());
  if (known !== undefined) return known;
  throw new BodyError(`priority: found ${boundedText(text)}, wanted one of ${ALERT_PRIORITIES.join(', ')}`);
}
