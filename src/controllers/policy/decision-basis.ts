import type { PolicyStatus } from '../../api/policy-status.ts';
import type { ForecastSummary } from '../../loop/analyze/analyze.ts';
import type { Decision } from '../../loop/execute/decision.ts';
import { knownQuantity, quantityText } from './status/quantity-text.ts';

type DecisionStatus = NonNullable<PolicyStatus['decisions']>[number];

/** What a decision rests on, in the API's terms: the forecast, and what neighbouring choices would have come to. */
export function decisionBasis({ forecast, stock }: Decision): Pick<DecisionStatus, 'forecast' | 'stock'> {
  return {
    ...(forecast === undefined ? {} : { forecast: { ...forecastBasis(forecast), parts: partsOf(forecast) } }),
    ...(stock === undefined ? {} : { stock: stockOf(stock) }),
  };
}

export function forecastBasis(
  forecast: ForecastSummary,
): Omit<NonNullable<DecisionStatus['forecast']>, 'parts'> {
  return {
    metric: forecast.metric,
    peak: quantityText(forecast.peak),
    upper: quantityText(forecast.upper),
    confidencePercent: forecast.confidencePercent,
    confidence: forecast.confidence,
    horizonSeconds: forecast.horizonSeconds,
  };
}

const PARTS = ['newest', 'level', 'trend', 'recent', 'spread', 'season'] as const;

/** A part that is nothing is left out. */
function partsOf({ parts }: ForecastSummary): Partial<Record<(typeof PARTS)[number], string>> {
  const shown: Partial<Record<(typeof PARTS)[number], string>> = {};
  for (const name of PARTS) {
    const text = parts[name] === 0 ? undefined : knownQuantity(parts[name]);
    if (text !== undefined) shown[name] = text;
  }
  return shown;
}

function stockOf(stock: NonNullable<Decision['stock']>): NonNullable<DecisionStatus['stock']> {
  const { price, window, outcomes, cheaper, dearer } = stock;
  const choice = ({ penalty, replicas }: typeof cheaper): { price: string; replicas: number } => ({
    price: quantityText(penalty),
    replicas,
  });
  return {
    price: quantityText(price.penalty),
    window: window === 'up' ? 'Up' : 'Hold',
    outcomes: outcomes.map(({ replicas, slowShare, cost }) => ({
      replicas,
      badPercent: knownQuantity(100 * slowShare),
      cost: knownQuantity(cost),
    })),
    cheaper: choice(cheaper),
    dearer: choice(dearer),
  };
}
