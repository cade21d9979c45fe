import { podEndpoint } from './pod-endpoint.ts';

describe('where a pod is asked', () => {
  test.each([
    ['by number', { ip: '10.1.2.3' }, 9102, { ip: '10.1.2.3', port: 9102 }],
    ['by name', { ip: '10.1.2.3', namedPorts: { metrics: 9 } }, 'metrics', { ip: '10.1.2.3', port: 9 }],
    ['by an address of IPv6', { ip: 'fd00::1' }, 9102, { ip: 'fd00::1', port: 9102 }],
    ['nowhere while it has no address', {}, 9102, undefined],
    [
      'nowhere by a name that no port has',
      { ip: '10.1.2.3' },
      'x',
      { problem: 'no container has a port named x' },
    ],
    [
      'nowhere by a name that objects have',
      { ip: '10.1.2.3', namedPorts: {} },
      'constructor',
      { problem: 'no container has a port named constructor' },
    ],
  ])('%s', (_, pod, port, endpoint) => {
    expect(podEndpoint(pod, port)).toEqual(endpoint);
  });

  test.each([
    '169.254.169.254',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    'fe80::1',
    '::',
    'ff02::1',
    '::ffff:169.254.169.254',
    'web',
    '10.1.2.3:80',
    '',
  ])('%j is no address of a pod', (ip) => {
    expect(podEndpoint({ ip }, 80)).toEqual({ problem: `${JSON.stringify(ip)} is not the address of a pod` });
  });
});
