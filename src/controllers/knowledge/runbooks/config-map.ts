import type { KubeObject } from '../../../adapters/kubernetes/objects.ts';
import { object, text } from '../../../adapters/kubernetes/records.ts';
import { passagesOf } from '../../../loop/knowledge/text/passages.ts';
import type { TextDocument } from '../../../loop/knowledge/text/text-index.ts';

/** What a ConfigMap has to offer to whoever looks for help. */
export interface WrittenRunbooks {
  readonly documents: readonly TextDocument[];
  /** By id: why a document is not among them. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Some 20 pages of text: indexing one takes about 20 ms, for which nothing else runs. */
export const LONGEST_DOCUMENT_BYTES = 64 * 1024;

/** Keys of one ConfigMap. */
export const MOST_DOCUMENTS = 100;

/** A heading that is longer is a paragraph. */
const LONGEST_TITLE = 200;

const KIND = 'ConfigMap';

/** Each key of `data` is a document, of the ConfigMap's namespace or, when that is the operator's own, of all. */
export function runbooksIn(configMap: KubeObject, operatorNamespace: string): WrittenRunbooks {
  const { namespace = '', name } = configMap.metadata;
  const documents: TextDocument[] = [];
  const refused = new Map<string, string>();
  for (const [key, value] of Object.entries(object(configMap['data'])).sort(byKey)) {
    const written = text(value);
    if (written === undefined || written.trim() === '') continue;
    const id = `${KIND}/${namespace}/${name}/${key}`;
    const bytes = Buffer.byteLength(written);
    if (bytes > LONGEST_DOCUMENT_BYTES) {
      refused.set(
        id,
        `has ${bytes} bytes, allowed are ${LONGEST_DOCUMENT_BYTES}: split it into several keys`,
      );
    } else if (documents.length === MOST_DOCUMENTS) {
      refused.set(id, `is one of more than ${MOST_DOCUMENTS} documents: put it into another ConfigMap`);
    } else {
      const scope = namespace === operatorNamespace ? null : namespace;
      documents.push({ id, namespace: scope, title: titleOf(key, written), text: written });
    }
  }
  return { documents, refused };
}

/** Of the ConfigMap that a document is from, as `namespace/name`; undefined when it is from something else. */
export function configMapKeyOf(documentId: string): string | undefined {
  const [kind, namespace, name, key] = documentId.split('/');
  return kind === KIND && key !== undefined ? `${namespace}/${name}` : undefined;
}

/** The first heading, else the key. */
function titleOf(key: string, written: string): string {
  const headed = passagesOf(key, written).find(({ headings }) => headings.length > 1);
  return (headed?.headings[1] ?? key).slice(0, LONGEST_TITLE);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
