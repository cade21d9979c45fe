import { join } from 'node:path';

/**
 * How one Go module becomes binaries. The go.mod beside it is the only place where the version stands; go.sum
 * pins every byte that is compiled.
 */
export interface Recipe {
  /** Name in the cache and in messages. */
  readonly name: string;
  /** Absolute path of the folder with go.mod. */
  readonly directory: string;
  /** The module in go.mod whose version is the tool's version. */
  readonly module: string;
  readonly packages: readonly string[];
  readonly tags: readonly string[];
  /** Linker variables that make the binary report its version, given that version without the leading `v`. */
  readonly variables: (version: string) => Readonly<Record<string, string>>;
  readonly binaries: readonly ToolName[];
  /** Further names of the first binary, which looks at the name it is called by. */
  readonly links: readonly ToolName[];
  /** Arguments that make each binary print its version, where one of PATH may stand in; otherwise null. */
  readonly versionArguments: readonly string[] | null;
  /** The version as the tool's own `--version` prints it. */
  readonly printedVersion: (version: string) => string;
  /** How long the first build takes on two cores with a warm module cache, for the progress line. */
  readonly firstBuild: string;
}

export const TOOL_NAMES = [
  'controlplane',
  'keeper',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kwok',
  'prometheus',
  'promtool',
  'helm',
  'vpa-recommender',
] as const;

export type ToolName = (typeof TOOL_NAMES)[number];

const hack = join(import.meta.dirname, '..');
const same = (version: string): string => version;

/** Without these kubectl and Helm take the server for v0.0.0. */
function controlPlaneVariables(version: string): Record<string, string> {
  const [major = '', minor = ''] = version.split('.');
  const prefix = 'k8s.io/component-base/version';
  return {
    [`${prefix}.gitVersion`]: `v${version}`,
    [`${prefix}.gitMajor`]: major,
    [`${prefix}.gitMinor`]: minor,
  };
}

/** Go's module versions of Prometheus are 0.3MM.P for the release 3.MM.P (v0.315.0 is 3.15.0). */
function prometheusRelease(version: string): string {
  const parts = /^0\.3(\d\d)\.(\d+)$/.exec(version);
  if (parts === null) throw new Error(`prometheus module version must look like 0.315.0, found ${version}`);
  return `3.${Number(parts[1])}.${Number(parts[2])}`;
}

export const RECIPES: readonly Recipe[] = [
  {
    name: 'controlplane',
    directory: join(hack, 'controlplane'),
    module: 'k8s.io/kubernetes',
    packages: ['.', './keeper'],
    tags: [],
    variables: controlPlaneVariables,
    binaries: ['controlplane', 'keeper'],
    links: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'],
    // Never taken from PATH: KUBEBUILDER_ASSETS has neither the controller manager nor the scheduler, and the
    // keeper is our own, so the build would be needed all the same.
    versionArguments: null,
    printedVersion: same,
    firstBuild: '5 to 10 minutes',
  },
  {
    name: 'kwok',
    directory: join(hack, 'tools/kwok'),
    module: 'sigs.k8s.io/kwok',
    packages: ['sigs.k8s.io/kwok/cmd/kwok'],
    tags: [],
    variables: () => ({}),
    binaries: ['kwok'],
    links: [],
    versionArguments: ['--version'],
    printedVersion: same,
    firstBuild: '1 to 2 minutes',
  },
  {
    name: 'prometheus',
    directory: join(hack, 'tools/prometheus'),
    module: 'github.com/prometheus/prometheus',
    packages: [
      'github.com/prometheus/prometheus/cmd/prometheus',
      'github.com/prometheus/prometheus/cmd/promtool',
    ],
    // Without service discovery for clouds the build takes 2 minutes instead of 4.
    tags: ['remove_all_sd'],
    variables: (version) => ({ 'github.com/prometheus/common/version.Version': prometheusRelease(version) }),
    binaries: ['prometheus', 'promtool'],
    links: [],
    versionArguments: ['--version'],
    printedVersion: prometheusRelease,
    firstBuild: '2 to 4 minutes',
  },
  {
    name: 'helm',
    directory: join(hack, 'tools/helm'),
    module: 'helm.sh/helm/v4',
    packages: ['helm.sh/helm/v4/cmd/helm'],
    tags: [],
    variables: (version) => ({ 'helm.sh/helm/v4/internal/version.version': `v${version}` }),
    binaries: ['helm'],
    links: [],
    versionArguments: ['version', '--short'],
    printedVersion: same,
    firstBuild: '2 to 3 minutes',
  },
  {
    name: 'vpa-recommender',
    directory: join(hack, 'vpa-recommender'),
    module: 'k8s.io/autoscaler/vertical-pod-autoscaler',
    packages: ['.'],
    tags: [],
    variables: () => ({}),
    binaries: ['vpa-recommender'],
    links: [],
    // Our own program around the module: none of PATH can stand in.
    versionArguments: null,
    printedVersion: same,
    firstBuild: '1 to 2 minutes',
  },
];
