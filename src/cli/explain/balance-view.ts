import type { DecisionStatus } from './explained-policy.ts';
import { beside, widthBeside, wrap, wrappedTable } from './layout.ts';
import { figure } from './phrases.ts';

type Stock = NonNullable<DecisionStatus['stock']>;

const WINDOWS: Readonly<Record<Stock['window'], string>> = {
  Up: 'the time in which a replica ordered now can serve',
  Hold: 'the time until one that was given back could be replaced',
};

/** What one replica fewer and one more were expected to come to, and how much hangs on the price. */
export function balanceLines(stock: Stock, width: number): readonly string[] {
  const { price, window, outcomes, cheaper, dearer } = stock;
  // The last one is always one more; those below 1 are left out.
  const most = outcomes.at(-1)?.replicas;
  const planned = most === undefined ? undefined : most - 1;
  const rows = outcomes.map(({ replicas, badPercent, cost }) => [
    String(replicas),
    badPercent === undefined ? 'not known' : `${figure(badPercent)} %`,
    cost === undefined ? 'not known' : figure(cost),
    placeText(replicas, planned),
  ]);
  const text =
    `Over ${WINDOWS[window]}; cost counts replicas, and bad requests at a price of ${figure(price)} (15 is usual). ` +
    `At ${figure(cheaper.price)} it would be ${cheaper.replicas}, at ${figure(dearer.price)} ${dearer.replicas}.`;
  const room = widthBeside(width);
  return beside('Balance', [
    ...(rows.length === 0 ? [] : wrappedTable(['REPLICAS', 'BAD REQUESTS', 'COST', ''], rows, room)),
    ...wrap(text, { width: room }),
  ]);
}

function placeText(replicas: number, planned: number | undefined): string {
  if (planned === undefined) return '';
  if (replicas === planned) return 'as planned';
  return replicas < planned ? 'one fewer' : 'one more';
}
