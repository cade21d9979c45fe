/** How pods are judged before their usage counts. Seconds. */
export interface PodGrouping {
  /** CPU of a pod younger than this counts only when it is Ready and was for one whole sample window. */
  readonly cpuInitializationSeconds: number;
  /** An unready pod whose readiness last changed within this time of its start has never been ready. */
  readonly readinessDelaySeconds: number;
  /** The time that one usage sample averages over. */
  readonly sampleWindowSeconds: number;
}

/**
 * What kube-controller-manager v1.36.3 does when its flags say nothing. These belong to the whole cluster there and
 * no policy can set them; the defaults of `behavior` are part of the API and stand in its schema.
 */
export const POD_GROUPING: PodGrouping = {
  // pkg/controller/podautoscaler/config/v1alpha1/defaults.go: HorizontalPodAutoscalerCPUInitializationPeriod, 5 min
  cpuInitializationSeconds: 300,
  // the same file: HorizontalPodAutoscalerInitialReadinessDelay
  readinessDelaySeconds: 30,
  // pkg/controller/podautoscaler/metrics/client.go: metricServerDefaultMetricWindow
  sampleWindowSeconds: 60,
};
