/** A status with every field set, as the operator would write it. */
export const COMPLETE_STATUS = {
  observedGeneration: 1,
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'Operating',
      message: 'Scaling Deployment/web between 2 and 10.',
      observedGeneration: 1,
      lastTransitionTime: '2026-05-01T12:00:00Z',
    },
  ],
  workloads: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'web',
      uid: '6f1c2a5e-0000-4000-8000-000000000001',
      currentReplicas: 4,
      readyReplicas: 4,
      recommendedReplicas: 6,
      metrics: [
        { name: 'cpu', type: 'Resource', quality: 'Fresh', current: '63', target: '70', replicas: 4 },
        {
          name: 'requests-per-second',
          type: 'Prometheus',
          quality: 'Missing',
          target: '100',
          message: 'The query answered with no series.',
        },
      ],
      forecast: {
        metric: 'requests-per-second',
        peak: '498',
        upper: '571',
        confidencePercent: 95,
        horizonSeconds: 80,
        coveragePercent: 94,
        accuracyPercent: 91,
        samples: 1344,
      },
      predictions: {
        time: '2026-05-01T12:00:00Z',
        historyDays: 28,
        resources: [
          {
            resource: 'cpu',
            confidence: 'High',
            accuracyPercent: 91,
            coveragePercent: 83,
            days: [
              {
                date: '2026-05-01',
                mean: '5.1',
                lower: '4.4',
                upper: '5.9',
                peak: '12.3',
                peakUpper: '15',
              },
            ],
          },
          { resource: 'network', message: 'no value is known' },
        ],
      },
    },
  ],
  pending: {
    decisionId: '01JTB4M4Q8',
    targetUid: '6f1c2a5e-0000-4000-8000-000000000001',
    previousReplicas: 4,
    nextReplicas: 6,
    startTime: '2026-05-01T12:04:00Z',
    deadlineTime: '2026-05-01T12:09:00Z',
    epoch: 3,
  },
  decisions: [
    {
      id: '01JTB4M4Q8',
      time: '2026-05-01T12:04:00Z',
      mode: 'Apply',
      action: 'ScaleUp',
      from: 4,
      to: 6,
      state: 'Closed',
      message: 'Scaled up from 4 to 6: requests-per-second is forecast to peak at 571.',
      proposals: [
        { source: 'Reactive', metric: 'cpu', replicas: 4, detail: 'ceil(4 × 63 ÷ 70) = 4' },
        { source: 'Forecast', metric: 'requests-per-second', replicas: 6, detail: 'ceil(571 ÷ 100) = 6' },
      ],
      guards: [
        { guard: 'bounds', outcome: 'Pass', before: 6, after: 6 },
        {
          guard: 'rate',
          outcome: 'Clamp',
          before: 6,
          after: 6,
          reason: 'RateLimited',
          message: 'At most 4 pods in 15 s.',
        },
      ],
      outcome: {
        result: 'Met',
        endTime: '2026-05-01T12:09:00Z',
        observedSeconds: 300,
        violatedSeconds: 0,
        replicaSeconds: 1800,
        cost: '20m',
        message: 'Every indicator was within its threshold for all of 300 s.',
      },
    },
  ],
};
