/** Until the objective answers to replicas that are ready: queues drain, connections move, averages over minutes follow. */
const SETTLING_SECONDS = 300;

/** The metrics of most policies average over minutes, and one of ten minutes judges by more than a moment. */
const SHORTEST_SECONDS = 600;

/**
 * How long what follows a change of the replicas says something about it, seconds.
 * @param slowStartupSeconds 90th percentile of the pods' start-up (`startupSeconds` of the monitor)
 */
export function attributionSeconds(slowStartupSeconds: number): number {
  return Math.max(SHORTEST_SECONDS, slowStartupSeconds + SETTLING_SECONDS);
}

/**
 * Until a change is felt, seconds: ordered replicas serve once they are ready, and given-back ones are gone at once.
 */
export function effectSeconds(action: 'ScaleUp' | 'ScaleDown', slowStartupSeconds: number): number {
  return action === 'ScaleUp' ? slowStartupSeconds : 0;
}
