import { markup, type Markup } from './markup.ts';

const TERMS: readonly (readonly [term: string, meaning: string])[] = [
  ['Contender', 'A way to decide how many replicas a workload runs with.'],
  ['Replica', 'One copy (pod) of the workload; what is paid for.'],
  [
    'Oracle',
    'An imaginary contender that knows the future course of demand and has as few replicas as that needs; it shows how much better anybody could be. A chance burst of arrivals can make even it miss the objective.',
  ],
  [
    'Cost, oracle = 1',
    'Replica-seconds paid for, divided by those that were needed: 1.40 means 40 % more. The oracle itself is a little above 1, because pods that start and end are paid for too.',
  ],
  ['Objective', 'The largest share of slow requests that the user accepts.'],
  [
    'Objective kept',
    'On how many workloads the whole scored time together had at most that share of slow requests.',
  ],
  ['Slow request', 'One that waited longer than the objective allows, or was turned away.'],
  [
    'Bad 5-minute window',
    'Five minutes with a larger share of slow requests than the objective accepts. A contender may have some and still keep the objective.',
  ],
  ['Changes a day', 'How often the number of replicas asked for changed; each change starts or stops pods.'],
  [
    'Setting',
    'The number that a user would have to choose for this contender; here it was tuned on the warm-up for each workload.',
  ],
  [
    '95 % interval',
    'Were the workloads drawn anew from as many origins, the middle would lie in it 95 times of 100. With few origins it is too narrow.',
  ],
];

export function glossary(): Markup {
  return markup`<section><h2>Terms</h2><dl>${TERMS.map(
    ([term, meaning]) => markup`<div><dt>${term}</dt><dd>${meaning}</dd></div>`,
  )}</dl></section>`;
}
