/** Names that are part of the API: changing one breaks every user. */
export const API_GROUP = 'autonomic.dev';
export const API_VERSION = 'v1alpha1';
export const POLICY_KIND = 'AutonomicPolicy';
export const POLICY_PLURAL = 'autonomicpolicies';

/** On a policy: `"true"` suspends it, as `spec.suspend` does. */
export const SUSPEND_ANNOTATION = `${API_GROUP}/suspend`;
