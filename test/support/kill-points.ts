import type { FaultProxy } from '../faults/proxy.ts';
import type { SyncKill } from '../faults/sync-kill.ts';
import type { Rule } from '../faults/fault.ts';

/** What a kill point needs of the run around it. */
export interface KillScene {
  readonly namespace: string;
  /** Of policy and workload: the action that is to be interrupted. */
  readonly name: string;
  readonly proxy: FaultProxy;
  /** Arms kill-at-sync.ts. */
  readonly killAtSync: (kill: SyncKill) => Promise<void>;
  /** `kill -9`, and wait until the process is gone. */
  readonly kill: () => Promise<void>;
}

/** A place in the life of an action. */
export interface KillPoint {
  readonly step: string;
  readonly phase: string;
  readonly arm: (scene: KillScene) => Promise<void>;
}

const SYNC_PHASES = { before: 'before the sync', torn: 'half of it lost', after: 'after the sync' } as const;

function atSync(record: SyncKill['record'], when: SyncKill['when']): KillPoint {
  return {
    step: `journal: ${record}`,
    phase: SYNC_PHASES[when],
    // An export is of all policies.
    arm: ({ killAtSync, name }) =>
      killAtSync({ when, record, ...(record === 'Exported' ? {} : { policy: name }) }),
  };
}

type Request = (scene: KillScene) => Omit<Rule, 'fault' | 'times'>;

const REQUEST_PHASES = {
  beforeForward: 'before the server has it',
  afterForward: 'done, not answered',
  afterReply: 'answered',
  late: 'arrives after the restart',
} as const;

function atRequest(step: string, phase: keyof typeof REQUEST_PHASES, request: Request): KillPoint {
  return {
    step,
    phase: REQUEST_PHASES[phase],
    arm: (scene) => {
      const when = phase === 'late' ? 'beforeForward' : phase;
      const run = async (): Promise<void> => {
        await scene.kill();
        if (phase === 'late') await successorHasLooked(scene);
        // The proxy would forward it for a client that is gone.
        else if (phase === 'beforeForward') throw new Error('the client is gone');
      };
      scene.proxy.add({ ...request(scene), times: 1, fault: { kind: 'call', when, run } });
      return Promise.resolve();
    },
  };
}

/** Resolves in the moment in which the next process has read the workload as it is without the late request. */
async function successorHasLooked({ namespace, name, proxy }: KillScene): Promise<void> {
  const looked = Promise.withResolvers<undefined>();
  const rule = { verb: 'get', resource: 'deployments', namespace, name, times: 1 } as const;
  proxy.add({ ...rule, fault: { kind: 'call', when: 'afterReply', run: () => looked.resolve(undefined) } });
  await looked.promise;
}

/** A write of the policy's status whose body has `text`. */
const status =
  (text: RegExp): Request =>
  ({ namespace, name }) => ({
    verb: 'patch',
    resource: 'autonomicpolicies',
    subresource: 'status',
    namespace,
    name,
    body: text,
  });

const target =
  (verb: 'get' | 'patch'): Request =>
  ({ namespace, name }) => ({ verb, resource: 'deployments', namespace, name });

const event: Request = ({ namespace, name }) => ({
  verb: 'create',
  resource: 'events',
  namespace,
  body: new RegExp(`"regarding":\\{[^}]*"name":"${name}"`),
});

/** Of the leader, while the action is under way. */
const lease: Request = () => ({ verb: 'update', resource: 'leases' });

const PHASES = ['beforeForward', 'afterForward', 'afterReply'] as const;
const SYNCS = ['before', 'torn', 'after'] as const;

type RequestPhase = keyof typeof REQUEST_PHASES;

const intended = (phase: RequestPhase): KillPoint =>
  atRequest('status: intended', phase, status(/"pending":\{/));
const change = (phase: RequestPhase): KillPoint =>
  atRequest('change of the workload', phase, target('patch'));
const applied = (phase: RequestPhase): KillPoint =>
  atRequest('status: applied', phase, status(/"state":"Applied"/));

/** The steps that lead to the change, and those that note it, in order. */
export const ACTION_POINTS: readonly KillPoint[] = [
  ...SYNCS.map((when) => atSync('Intent', when)),
  ...PHASES.map(intended),
  ...PHASES.map((phase) => atRequest('read of the workload', phase, target('get'))),
  ...([...PHASES, 'late'] as const).map(change),
  ...SYNCS.map((when) => atSync('Applied', when)),
];

/** What follows the change: telling people, keeping the lease, measuring the outcome. */
export const AFTERMATH_POINTS: readonly KillPoint[] = [
  ...PHASES.map(applied),
  ...PHASES.map((phase) => atRequest('event', phase, event)),
  ...PHASES.map((phase) => atRequest('renewal of the lease', phase, lease)),
  ...SYNCS.map((when) => atSync('Closed', when)),
  ...PHASES.map((phase) => atRequest('status: closed', phase, status(/"state":"Closed"/))),
];

/** Killed once more while the change is being found on the workload, or carried to the knowledge store. */
export const RECOVERY_POINTS: readonly (readonly KillPoint[])[] = [
  ...SYNCS.map((when) => [change('afterForward'), atSync('Applied', when)]),
  ...PHASES.map((phase) => [change('afterForward'), applied(phase)]),
  ...SYNCS.map((when) => [atSync('Applied', 'after'), atSync('Exported', when)]),
];

/** Killed once more while an intent that never reached the workload is called off. */
export const CALL_OFF_POINTS: readonly (readonly KillPoint[])[] = [
  ...(['before', 'after'] as const).map((when) => [intended('afterReply'), atSync('Aborted', when)]),
  [intended('afterForward'), atRequest('status: aborted', 'afterForward', status(/"state":"Aborted"/))],
];

/** After each of these the next process must know of the change, to keep the cooldown. */
export const COOLDOWN_POINTS: readonly KillPoint[] = [
  change('afterForward'),
  atSync('Applied', 'after'),
  applied('afterReply'),
];
