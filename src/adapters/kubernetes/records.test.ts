import { podRecord } from './records.ts';

const at = '2026-05-04T09:00:00Z';
const time = Date.parse(at);

describe('the record of a pod', () => {
  const condition = (type: string, status = 'True') => ({ type, status, lastTransitionTime: at });
  const pod = (spec: object, status: object = {}): object => ({
    metadata: { name: 'web-0', namespace: 'shop', uid: 'u', creationTimestamp: at },
    spec,
    status,
  });

  test('says where it runs, what, and how often anew', () => {
    const spec = { nodeName: 'n1', containers: [{ image: 'web:1' }, { image: 'proxy:2' }] };
    const status = {
      phase: 'Running',
      conditions: [condition('PodScheduled'), condition('Ready')],
      containerStatuses: [{ restartCount: 2 }, { restartCount: 1 }],
    };
    expect(podRecord(pod(spec, status))).toMatchObject({
      node: 'n1',
      image: 'web:1 proxy:2',
      scheduledAt: time,
      restarts: 3,
      ready: true,
      readyChangedAt: time,
    });
  });

  test('says where it is reached, by the names of its TCP ports too', () => {
    const ports = [
      { name: 'http', containerPort: 8080 },
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
      { containerPort: 1 },
    ];
    const metrics = { ports: [{ name: 'metrics', containerPort: 9102, protocol: 'TCP' }] };
    const initContainers = [{ ports: [{ name: 'proxy', containerPort: 15_090 }] }];
    const spec = { initContainers, containers: [{ ports }, metrics, {}] };
    expect(podRecord(pod(spec, { podIP: '10.1.0.7' }))).toMatchObject({
      ip: '10.1.0.7',
      namedPorts: { proxy: 15_090, http: 8080, metrics: 9102 },
    });
  });

  test('sums the limits of its containers, where all have one', () => {
    const container = (limits: object): object => ({ resources: { limits } });
    const containers = [container({ cpu: '500m', memory: '1Gi' }), container({ memory: '512Mi' })];
    expect(podRecord(pod({ containers })).limits).toEqual({ memory: 1.5 * 2 ** 30 });
  });

  test.each<[string, object, object, string]>([
    ['a node while it has none', {}, {}, 'node'],
    [
      'when it was scheduled while it is not',
      {},
      { conditions: [condition('PodScheduled', 'False')] },
      'scheduledAt',
    ],
    ['an image that is not there', { containers: [{ image: 'web:1' }, {}] }, {}, 'image'],
    ['images of no containers', { containers: [] }, {}, 'image'],
    ['restarts before its containers have a status', {}, {}, 'restarts'],
    ['an address that it has not got yet', {}, { podIP: '' }, 'ip'],
    [
      'names of ports where none has one',
      { containers: [{ ports: [{ containerPort: 1 }] }] },
      {},
      'namedPorts',
    ],
    ['a node of another type', { nodeName: 7 }, {}, 'node'],
  ])('does not say %s', (_name, spec, status, field) => {
    expect(podRecord(pod(spec, status))).not.toHaveProperty(field);
  });
});
