import { slowest } from './belief.ts';
import { isLarge, LARGE_PERCENT, SLOT_SECONDS } from './fleet-view.ts';
import { clamp, PASS, veto, type Guard } from './guard.ts';

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
 * A large wish waits until every other policy has had its say about the same minute: in the first minute of an outage
 * nobody can tell yet that everybody drops. Then only so many workloads may be lowered by large steps within ten minutes,
 * the others by small ones: what a day's ebb asks for is never held up, and what is wrong for all workloads takes
 * no more than a fifth of their replicas before somebody can look.
 */
export const blastRadiusGuard: Guard = {
  name: 'BlastRadius',
  stage: 'Shape',
  check: (value, context) => {
    const { current, wanted, fleet } = context;
    if (fleet === undefined || value >= current) return PASS;
    // What the plan wants, for the rates may have made a small step of a large wish.
    if (!fleet.asked && isLarge(current, Math.min(value, wanted))) {
      return veto('FleetNotAsked', 'a large decrease waits until all other policies have been looked at');
    }
    const least = slowest(context, LARGE_PERCENT, SLOT_SECONDS);
    if (fleet.slotFree || value >= least) return PASS;
    return clamp(
      least,
      'BlastRadius',
      `${fleet.slots} workloads were lowered by large steps within ten minutes: at most ${LARGE_PERCENT} % fewer until then`,
    );
  },
};
