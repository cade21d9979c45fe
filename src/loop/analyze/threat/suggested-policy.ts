/** A NetworkPolicy that a person may apply; nothing here ever applies one. */
export interface SuggestedNetworkPolicy {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: {
    readonly podSelector: Readonly<Record<string, never>>;
    readonly policyTypes: readonly ['Egress'];
    readonly egress: readonly object[];
  };
}

/**
 * Lets the pods of the namespace speak to each other and to the cluster's DNS, and to nothing else: a beginning, to which
 * whoever applies it adds what the namespace really needs.
 */
export function suggestNetworkPolicy(namespace: string): SuggestedNetworkPolicy {
  const ports = [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name: 'contain-egress' },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        { to: [{ podSelector: {} }] },
        {
          to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
          ports,
        },
      ],
    },
  };
}
