import { parsePolicy } from '../../api/parse-policy.ts';
import { problemText } from '../../api/problem.ts';
import { InputError } from '../verb.ts';
import type { TriedPolicy } from './simulated-policy.ts';

/**
 * An object as the API server has it, if it is a policy. @param source what messages call it
 * @throws InputError that names every field which is wrong
 */
export function checkedPolicy(
  object: unknown,
  source: string,
): Required<Pick<TriedPolicy, 'namespace' | 'name' | 'uid' | 'spec'>> {
  const parsed = parsePolicy(object);
  if (!parsed.ok) throw new InputError(`${source}: ${parsed.problems.map(problemText).join('; ')}`);
  const { metadata, spec } = parsed.policy;
  const { namespace, name, uid } = metadata;
  return { namespace, name, uid, spec };
}
