/** @typedef {{ at: number, from: number, to: number, why: string }} Decision */

/** Rows that a reader can still read; a shorter time shows others. */
const MOST_ROWS = 200;

/**
 * @param {PageTrace} trace
 * @param {string} name of the contender
 * @returns {Decision[]} in order of time, seconds since the epoch
 */
function decisionsOf(trace, name) {
  const contender = trace.contenders.find((one) => one.name === name);
  return (contender?.decisions ?? []).map(([after, from, to, why]) => ({
    at: trace.start + after,
    from,
    to,
    why,
  }));
}

/**
 * Index of the first decision at or after a time.
 * @param {Decision[]} decisions
 * @param {number} time
 */
function firstFrom(decisions, time) {
  let low = 0;
  let high = decisions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((decisions[middle]?.at ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The decision nearest to a time, if it is near enough.
 * @param {Decision[]} decisions
 * @param {number} time
 * @param {number} within seconds
 */
function nearest(decisions, time, within) {
  const after = firstFrom(decisions, time);
  const around = [decisions[after - 1], decisions[after]].filter((decision) => decision !== undefined);
  const near = around.filter(({ at }) => Math.abs(at - time) <= within);
  return near.sort((a, b) => Math.abs(a.at - time) - Math.abs(b.at - time))[0];
}

/**
 * Shows a decision's reason beside a place of the page, within its width.
 * @param {Decision | undefined} decision
 * @param {{ x: number, y: number }} place pixels of the page
 */
function showReason(decision, place) {
  const box = byId('reason');
  box.hidden = decision === undefined;
  if (decision === undefined) return;
  const head = document.createElement('b');
  head.textContent = `${formatTime(decision.at)} UTC: ${decision.from} → ${decision.to} replicas`;
  box.replaceChildren(head, decision.why === '' ? 'No reason was recorded.' : decision.why);
  const room = document.documentElement.clientWidth - box.offsetWidth - 12;
  box.style.left = `${Math.max(12, Math.min(room, place.x + 14))}px`;
  box.style.top = `${place.y + 18}px`;
}

/**
 * Fills the list below the plots.
 * @param {Decision[]} decisions of the time shown
 * @param {string} hint
 */
function listDecisions(decisions, hint) {
  const list = byId('decisions');
  list.querySelector('tbody')?.replaceChildren(
    ...decisions.slice(0, MOST_ROWS).map(({ at, from, to, why }) => {
      const row = document.createElement('tr');
      for (const text of [formatTime(at), `${from} → ${to}`, why]) {
        const cell = document.createElement('td');
        cell.textContent = text;
        row.append(cell);
      }
      return row;
    }),
  );
  const more =
    decisions.length > MOST_ROWS
      ? ` The first ${MOST_ROWS} of ${decisions.length} are listed: zoom in for others.`
      : '';
  const paragraph = list.querySelector('p');
  if (paragraph !== null) paragraph.textContent = `${hint}${more}`;
}
