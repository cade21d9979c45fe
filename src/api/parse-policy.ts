import { z } from 'zod';
import { API_GROUP, API_VERSION, POLICY_KIND } from './names.ts';
import type { PolicyMetadata } from './policy-metadata.ts';
import { policyMetadataSchema } from './policy-metadata.ts';
import type { PolicySpec } from './policy-spec.ts';
import { policySpecSchema } from './policy-spec.ts';
import type { PolicyStatus } from './policy-status.ts';
import { policyStatusSchema } from './policy-status.ts';
import type { Problem } from './problem.ts';
import { problemsOf } from './problem.ts';

/** A policy that may be acted on: every field checked, every default in place. */
export interface Policy {
  readonly metadata: PolicyMetadata;
  readonly spec: PolicySpec;
  /** What was reported last; empty when nothing was, or when it could not be understood. */
  readonly status: PolicyStatus;
  /**
   * Why the status was set aside, if it was. It never makes a policy invalid (another version may have written
   * it), but a pending change in it may still be under way.
   */
  readonly statusProblems: readonly Problem[];
}

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const policySchema = z.object({
  apiVersion: z.literal(`${API_GROUP}/${API_VERSION}`),
  kind: z.literal(POLICY_KIND),
  metadata: policyMetadataSchema,
  spec: policySpecSchema,
});

const statusHolder = z.object({ status: policyStatusSchema.optional() });

/**
 * Reads an AutonomicPolicy as the API server returns it. Unknown fields are dropped, as the API server does.
 * Never throws, whatever comes in: one bad policy must not harm another.
 */
export function parsePolicy(object: unknown): ParsedPolicy {
  try {
    const parsed = policySchema.safeParse(object);
    if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error, object, '') };
    const { metadata, spec } = parsed.data;
    const held = statusHolder.safeParse(object);
    return {
      ok: true,
      policy: {
        metadata,
        spec,
        status: held.data?.status ?? {},
        statusProblems: held.success ? [] : problemsOf(held.error, object, ''),
      },
    };
  } catch (error) {
    // An object that throws when it is read, such as a Proxy or a getter: not JSON, so not from an API server.
    const message = `must be plain data: ${error instanceof Error ? error.message : 'reading it failed'}`;
    return { ok: false, problems: [{ path: '', found: typeof object, message }] };
  }
}
