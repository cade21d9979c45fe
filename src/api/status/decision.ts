import { z } from 'zod';
import { boundedText, count, largeCount, statusQuantity, time } from '../schema/fields.ts';
import { atomicList } from '../schema/rules.ts';
import { MAX_MESSAGE_LENGTH } from '../schema/text.ts';

const message = z.string().max(MAX_MESSAGE_LENGTH);
const decisionId = boundedText(64);

/** The intention that is made durable before a target is touched. */
export const pendingSchema = z.object({
  decisionId: decisionId.describe('Decision that is being carried out.'),
  targetUid: boundedText(64).describe('Identity of the workload it is meant for.'),
  previousReplicas: count.describe('Replicas before.'),
  nextReplicas: count.describe('Replicas after.'),
  startTime: time.describe('When the change was intended.'),
  deadlineTime: time.describe('When it is given up if it is not applied, or measured if it is.'),
  epoch: z
    .int()
    .min(0)
    .describe('Term of the leader that intended it; a later leader decides what became of it.'),
});

const proposal = z.object({
  source: z
    .enum(['Reactive', 'Forecast'])
    .describe("'Reactive' follows the load just measured, 'Forecast' the one to come."),
  metric: boundedText(63).describe('Name of the metric.'),
  replicas: count.describe('Replicas that it asks for.'),
  detail: message.describe('How the number came about.'),
});

const guardVerdict = z.object({
  guard: boundedText(63).describe('Name of the guard.'),
  outcome: z
    .enum(['Pass', 'Clamp', 'Veto'])
    .describe(
      "'Pass' left the value, 'Clamp' moved it to the nearest allowed one, 'Veto' forbade any change.",
    ),
  before: count.describe('Replicas before the guard.'),
  after: count.describe('Replicas after the guard.'),
  reason: boundedText(63).optional().describe('Why it did not pass, in one word for programs.'),
  message: message.optional().describe('Why it did not pass, in words for people.'),
});

const outcome = z.object({
  result: z
    .enum(['Met', 'Violated', 'Unmeasured', 'Superseded', 'UndoneByPerson', 'Aborted'])
    .describe(
      "'Met' or 'Violated': the objective, over the time observed. 'Unmeasured': no objective or no data. 'Superseded': the next change came first. " +
        "'UndoneByPerson': somebody else set the replicas. 'Aborted': it was never applied.",
    ),
  endTime: time.describe('When the observation ended.'),
  observedSeconds: count.describe('Seconds with data.'),
  violatedSeconds: count.describe('Seconds in which an indicator was beyond its threshold.'),
  replicaSeconds: largeCount.describe('Replicas times seconds over the observation.'),
  cost: statusQuantity.optional().describe('Price of the replica-seconds, when the objective names a price.'),
  message: message.describe('The outcome in one sentence.'),
});

export const decisionSchema = z.object({
  id: decisionId.describe('Identity of the decision; also in events, logs, the journal and on the workload.'),
  time: time.describe('When it was made.'),
  mode: z.enum(['Preview', 'Apply']).describe('Mode of the policy at that time.'),
  action: z.enum(['ScaleUp', 'ScaleDown', 'Hold']).describe('What was decided.'),
  from: count.describe('Replicas before.'),
  to: count.describe('Replicas decided.'),
  state: z
    .enum(['Proposed', 'Intended', 'Applied', 'Aborted', 'Closed'])
    .describe(
      "'Proposed' is not going to be carried out, 'Intended' is about to be, 'Applied' was written to the workload, 'Aborted' was given up, 'Closed' has its outcome.",
    ),
  message: message.describe('The decision in one sentence.'),
  proposals: atomicList(z.array(proposal).max(16)).describe('What each metric and forecast asked for.'),
  guards: atomicList(z.array(guardVerdict).max(40)).describe(
    'What each guard said, in the order of the chain.',
  ),
  outcome: outcome.optional().describe('What came of it, once measured.'),
});
