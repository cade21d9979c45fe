import { writeKubeconfig } from '../../../test/support/kubeconfig.ts';
import { ClusterAccessError, loadKubeConfig } from './kubeconfig.ts';

describe('loadKubeConfig', () => {
  it('takes address and token of a pod from what it is given', () => {
    const config = loadKubeConfig({ inCluster: { host: '10.0.0.1', port: '443' } });
    expect(config.getCurrentCluster()?.server).toBe('https://10.0.0.1:443');
    expect(config.getCurrentCluster()?.skipTLSVerify).toBe(false);
  });

  it('puts an IPv6 address in brackets', () => {
    const config = loadKubeConfig({ inCluster: { host: 'fd00::1', port: '443' } });
    expect(config.getCurrentCluster()?.server).toBe('https://[fd00::1]:443');
  });

  it('prefers a kubeconfig to the pod it runs in', () => {
    const config = loadKubeConfig({
      kubeconfig: writeKubeconfig('http://one'),
      inCluster: { host: '10.0.0.1', port: '443' },
    });
    expect(config.getCurrentCluster()?.server).toBe('http://one');
  });

  it.each([
    ['nothing at all', {}, /not in a pod.*--kubeconfig/],
    ['an empty path', { kubeconfig: '' }, /empty path/],
    ['a file that is not there', { kubeconfig: '/nowhere' }, /kubeconfig \/nowhere.*--kubeconfig.*ENOENT/],
    [
      'a context that is not there',
      { kubeconfig: writeKubeconfig('http://x'), context: 'prod' },
      /context 'prod'.*local/,
    ],
  ])('refuses %s with a remedy', (_, access, message) => {
    expect(() => loadKubeConfig(access)).toThrow(message);
    expect(() => loadKubeConfig(access)).toThrow(ClusterAccessError);
  });
});
