import type { DataReport, FeatureReport, WorkloadReport } from '../../loop/knowledge/dataset/data-report.ts';
import type { Gap } from '../../loop/knowledge/dataset/minute-grid.ts';

/** For programs: everything, with times in ISO 8601; what is not known or infinite is null. */
export function dataDocument({ schema, stepSeconds, usable, workloads }: DataReport): unknown {
  const document = { usable, featureSchema: schema, stepSeconds, workloads: workloads.map(workloadDocument) };
  return JSON.parse(JSON.stringify(document)) as unknown;
}

function workloadDocument(report: WorkloadReport): unknown {
  const { from, to, gaps, features, verdict, ...rest } = report;
  return {
    ...rest,
    from: iso(from),
    to: iso(to),
    verdict,
    gaps: gaps.map(gapDocument),
    features: features.map(featureDocument),
  };
}

function featureDocument(report: FeatureReport): unknown {
  return report.state === 'Measured' ? { ...report, gaps: report.gaps.map(gapDocument) } : report;
}

function gapDocument({ from, to }: Gap): unknown {
  return { from: iso(from), to: iso(to) };
}

function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
