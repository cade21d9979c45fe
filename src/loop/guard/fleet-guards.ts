import { slowest } from './belief.ts';
import { SLOT_SECONDS } from './fleet-view.ts';
import { clamp, PASS, veto, type Guard } from './guard.ts';

/** A decrease is small up to this share of what the workload had ten minutes ago, and one replica always is. */
const SMALL_PERCENT = 10;

/** When too many workloads drop at once, it is the measuring that broke, until shown otherwise (reliability: F32, F33). */
export const correlatedDropGuard: Guard = {
  name: 'CorrelatedDrop',
  stage: 'Shape',
  check: (value, { current, fleet }) =>
    value < current && fleet?.doubt !== undefined
      ? veto(
          'CorrelatedDrop',
          `${fleet.doubt.message}: no decrease before ${new Date(fleet.doubt.until).toISOString()}, or until the load is seen again`,
        )
      : PASS,
};

/**
 * Large decreases wait until every other policy has had its say about the same minute, and only so many workloads may
 * have one within ten minutes. Small ones always pass: what a day's ebb asks for is never held up, while nothing that is
 * wrong for all workloads can take away more than a tenth of them in ten minutes before somebody looks.
 */
export const blastRadiusGuard: Guard = {
  name: 'BlastRadius',
  stage: 'Shape',
  check: (value, context) => {
    const { current, fleet } = context;
    if (fleet === undefined || value >= current || (fleet.asked && fleet.slotFree)) return PASS;
    const least = slowest(context, SMALL_PERCENT, SLOT_SECONDS);
    if (value >= least) return PASS;
    const why = fleet.slotFree
      ? 'a large decrease waits for the next look at the whole fleet'
      : `${fleet.slots} workloads were lowered by large steps within ten minutes`;
    return clamp(least, 'BlastRadius', `${why}: at most ${SMALL_PERCENT} % fewer until then`);
  },
};
