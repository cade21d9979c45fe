/** A request to the API server in the words of RBAC. */
export interface KubeRequestInfo {
  readonly verb:
    'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'other';
  /** Plural; empty for paths outside of the resource tree, such as /healthz. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Subresources of namespaces themselves; any other word after a namespace's name is a resource in it. */
const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

/** Reads method and URL as the API server does (apiserver, RequestInfoFactory.NewRequestInfo). */
export function describeRequest(method: string, url: string): KubeRequestInfo {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const parts = pathname.split('/').filter((part) => part !== '');
  const rest = parts[0] === 'api' ? parts.slice(2) : parts[0] === 'apis' ? parts.slice(3) : [];
  let namespace = '';
  let path = rest;
  if (rest[0] === 'namespaces' && rest[2] !== undefined && !NAMESPACE_SUBRESOURCES.includes(rest[2])) {
    namespace = rest[1] ?? '';
    path = rest.slice(2);
  }
  const [resource = '', name = '', subresource = ''] = path.map(decodeURIComponent);
  const watch = ['true', '1'].includes(searchParams.get('watch') ?? '');
  return {
    verb: resource === '' ? 'other' : verbOf(method, name, watch),
    resource,
    subresource,
    namespace,
    name,
  };
}

function verbOf(method: string, name: string, watch: boolean): KubeRequestInfo['verb'] {
  switch (method) {
    case 'GET':
      if (watch) return 'watch';
      return name === '' ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === '' ? 'deletecollection' : 'delete';
    default:
      return 'other';
  }
}
