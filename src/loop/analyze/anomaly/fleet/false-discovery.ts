/**
 * Benjamini and Hochberg (Journal of the Royal Statistical Society B 57, 1995): the largest p-value that may be called a
 * discovery, so that among all discoveries at most a share `q` is expected to be false; 0 when none may. Holds for
 * p-values that are independent or depend positively, as those of series that one cause moves together do.
 * @param pValues of one moment, all series; NaN takes no part. Not changed.
 * @param q in 0…1. A tick is one test of many: what holds in each is spent again at the next, so it has to be small.
 * @throws RangeError when `q` is not in 0…1.
 */
export function discoveryCut(pValues: Float64Array, q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`q is ${q}; it must be between 0 and 1`);
  const known = pValues.filter((p) => !Number.isNaN(p));
  // No p above q passes at any rank: in a quiet fleet there is next to nothing to sort.
  const candidates = known.filter((p) => p <= q).sort();
  for (let rank = candidates.length; rank >= 1; rank--) {
    const p = candidates[rank - 1] ?? NaN;
    if (p <= (q * rank) / known.length) return p;
  }
  return 0;
}
