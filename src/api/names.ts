/** Names that are part of the API: changing one breaks every user. */
export const API_GROUP = 'autonomic.dev';
export const API_VERSION = 'v1alpha1';
export const POLICY_KIND = 'AutonomicPolicy';
export const POLICY_PLURAL = 'autonomicpolicies';

/** On a policy: `"true"` suspends it, as `spec.suspend` does. */
export const SUSPEND_ANNOTATION = `${API_GROUP}/suspend`;

/** On a policy: an RFC 3339 time until which something unusual is expected, so that no anomaly begins. */
export const EXPECTED_UNTIL_ANNOTATION = `${API_GROUP}/expected-until`;

/** On a ConfigMap, `"true"`: its keys are runbooks. */
export const RUNBOOK_LABEL = `${API_GROUP}/runbook`;

/** On a policy: what to do about its anomalies, or the address of a page that says so. */
export const RUNBOOK_ANNOTATION = `${API_GROUP}/runbook`;
