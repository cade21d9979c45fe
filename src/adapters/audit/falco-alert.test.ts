import { parseFalcoAlert } from './falco-alert.ts';

const ALERT = {
  output: '16:31:56: Warning A shell was spawned (pod=web-1)',
  priority: 'Warning',
  rule: 'Terminal shell in container',
  time: '2026-11-21T16:31:56.746609046Z',
  output_fields: { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'web-1', 'evt.time': 1507591916746609000 },
};

test('an alert is read as Falco and Falcosidekick send it', () => {
  expect(parseFalcoAlert(JSON.stringify(ALERT))).toEqual({
    priority: 'Warning',
    rule: 'Terminal shell in container',
    namespace: 'shop',
    pod: 'web-1',
    message: ALERT.output,
  });
});

test('an alert about the node has no namespace', () => {
  const fields = { 'k8s.ns.name': null };
  expect(parseFalcoAlert(JSON.stringify({ ...ALERT, output_fields: fields }))).toMatchObject({
    namespace: '',
    pod: '',
  });
  expect(parseFalcoAlert(JSON.stringify({ ...ALERT, output_fields: null }))).toMatchObject({ namespace: '' });
});

test.each([
  ['no rule', { ...ALERT, rule: undefined }, 'rule: found nothing, wanted a text'],
  [
    'a priority that there is not',
    { ...ALERT, priority: 'Awful' },
    'priority: found Awful, wanted one of Emergency',
  ],
  ['fields that are none', { ...ALERT, output_fields: [] }, 'output_fields: found a list, wanted an object'],
])('%s is refused', (_name, alert, message) => {
  expect(() => parseFalcoAlert(JSON.stringify(alert))).toThrow(message);
});
