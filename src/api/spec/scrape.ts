import { z } from 'zod';
import { boundedText, promql } from '../schema/fields.ts';
import { withRules } from '../schema/rules.ts';

const MAX_PORT = 65_535;
/** RFC 6335, as Kubernetes has it for a container's port: 15 letters, digits and '-', with a letter among them. */
const PORT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LETTER = /[a-z]/;
const MAX_PORT_NAME = 15;

const PORT_MESSAGE = `must be a port from 1 to ${MAX_PORT}, or the name of a container's port such as 'metrics'`;

const port = withRules(
  z
    .union([z.number().refine(Number.isInteger), z.string().max(MAX_PORT_NAME)], PORT_MESSAGE)
    .meta({ 'x-kubernetes-int-or-string': true }),
  [
    {
      cel:
        `type(self) == int ? (self >= 1 && self <= ${MAX_PORT}) : ` +
        `(string(self).matches('${PORT_NAME.source}') && string(self).matches('${LETTER.source}'))`,
      message: PORT_MESSAGE,
      holds: (value) =>
        typeof value === 'number'
          ? value >= 1 && value <= MAX_PORT
          : PORT_NAME.test(value) && LETTER.test(value),
    },
  ],
);

/** RFC 3986, with a query and without a fragment; nothing in it can end the line of a request. */
const PATH = /^\/[A-Za-z0-9._~!$&()*+,;=:@%/?-]*$/;

const path = withRules(boundedText(512), [
  {
    cel: `self.matches(r'${PATH.source}')`,
    message: "must be the path of a URL, beginning with '/', such as '/metrics'",
    holds: (text) => PATH.test(text),
  },
]);

const shape = z.object({
  port: port.describe(
    "Port of the pods' metrics: its number, or its name among the ports of the containers.",
  ),
  path: path.default('/metrics').describe("Path of the pods' metrics, read by plain HTTP without a login."),
  total: promql.describe(
    'Selector of the counters of all requests in what a pod exposes, such as ' +
      'http_request_duration_seconds_count{handler!="/metrics"}; the series that it selects are summed.',
  ),
  good: promql
    .optional()
    .describe(
      'Selector of the counters of those that were good, such as http_request_duration_seconds_bucket{le="0.4"}: all others were bad.',
    ),
  bad: promql
    .optional()
    .describe(
      'Selector of the counters of those that were bad, where there are such; not together with `good`.',
    ),
});

export const scrapeSchema = withRules(shape, [
  {
    cel: '!(has(self.good) && has(self.bad))',
    message: 'must not contain both `good` and `bad`: all that are not the one are the other',
    holds: ({ good, bad }) => good === undefined || bad === undefined,
  },
])
  .optional()
  .describe(
    "Reads the requests from the pods' own metrics at every evaluation, half a minute sooner than Prometheus can tell of them. " +
      'The queries stay the source of the past, and of the present while too few pods answer.',
  );
