import type { AbsentResource, ResourceView } from './resource-view.ts';

/** The answer of the command. */
export interface Prediction {
  /** `namespace/name` */
  readonly policy: string;
  /** `Deployment web` */
  readonly target: string;
  /** ms since the epoch: the hour that is not over. */
  readonly from: number;
  readonly historyDays: number;
  readonly resources: readonly (ResourceView | AbsentResource)[];
}
