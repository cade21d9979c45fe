import { z } from 'zod';
import { boundedText, count, largeCount, statusQuantity, time } from '../schema/fields.ts';
import { atomicList } from '../schema/rules.ts';
import { MAX_MESSAGE_LENGTH } from '../schema/text.ts';
import { forecastBasis } from './forecast.ts';
import { decisionMemorySchema } from './memory.ts';

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
    .enum(['Reactive', 'Forecast', 'Policy'])
    .describe(
      "'Reactive' follows the load just measured, 'Forecast' the one to come; 'Policy' is what the selected policy asks for.",
    ),
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

const part = (what: string): z.ZodOptional<typeof statusQuantity> =>
  statusQuantity.optional().describe(`${what} Not there when it is nothing.`);

const forecast = forecastBasis.extend({
  parts: z
    .object({
      newest: part('The newest value.'),
      level: part('What the usual level of the day adds.'),
      trend: part('What the direction of the last two minutes adds.'),
      recent: part('What the last hour adds.'),
      spread: part('What the usual step from one value to the next adds.'),
      season: part('What earlier days had at this time of the day adds.'),
    })
    .optional()
    .describe(
      'How the expected peak is made up, in the unit of the metric: their sum is the peak that is expected.',
    ),
});

const priceChoice = z.object({
  price: statusQuantity.describe('Price of bad requests, as in `stock.price`.'),
  replicas: count.describe('Replicas that would be best at that price.'),
});

const stockOutcome = z.object({
  replicas: count.describe('So many replicas'),
  badPercent: statusQuantity
    .optional()
    .describe('are expected to serve so many percent of the requests badly,'),
  cost: statusQuantity
    .optional()
    .describe('and to cost so much: replicas, and bad requests at their price, counted in replicas.'),
});

/** The newsvendor's name for how much to have at hand when demand is uncertain. */
const stock = z.object({
  price: statusQuantity.describe(
    "What bad requests at a replica's full load cost, in replicas: 15 usually, more when the share of bad requests measured so far " +
      'is above the objective, less below.',
  ),
  window: z
    .enum(['Up', 'Hold'])
    .describe(
      "The time that decided: 'Up', in which a replica ordered now can serve; 'Hold', from now until one that was given back could be replaced.",
    ),
  outcomes: atomicList(z.array(stockOutcome).max(3)).describe(
    'What the number chosen, one fewer and one more are expected to come to.',
  ),
  cheaper: priceChoice.describe('The choice with bad requests at half the price.'),
  dearer: priceChoice.describe('The choice with bad requests at twice the price.'),
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
  proposals: atomicList(z.array(proposal).max(18)).describe('What each metric and forecast asked for.'),
  guards: atomicList(z.array(guardVerdict).max(40)).describe(
    'What each guard said, in the order of the chain.',
  ),
  forecast: forecast
    .optional()
    .describe('The forecast that it rests on, or that came nearest to asking for more.'),
  stock: stock
    .optional()
    .describe(
      'The balance of cost and expected bad requests; there when the requests of the objective and a forecast of them decided.',
    ),
  memory: decisionMemorySchema
    .optional()
    .describe('What came of similar situations in the past. Not there while none is remembered.'),
  outcome: outcome.optional().describe('What came of it, once measured.'),
});
