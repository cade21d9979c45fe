import { UsageError, type Verb } from '../verb.ts';
import { anomaly } from './anomaly.ts';
import { forecast } from './forecast.ts';
import { selection } from './selection.ts';

const SUBCOMMANDS = { forecast, anomaly, selection };

const HELP = `Measure how good a part of Autonomic is, on series and records of your own.

Usage:
  kubectl autonomic evaluate forecast --input FILE|FOLDER… [flags]
  kubectl autonomic evaluate anomaly --input FILE|FOLDER… [flags]
  kubectl autonomic evaluate selection --journal FOLDER [flags]

Commands:
  forecast   ${forecast.summary}
  anomaly    ${anomaly.summary}
  selection  ${selection.summary}

Each has its own --help.
`;

export const evaluate: Verb = {
  name: 'evaluate',
  summary: 'Measure how good forecasts, alarms and selected policies are, on records of your own',
  help: HELP,
  subcommands: SUBCOMMANDS,
  run([word]) {
    const known = Object.keys(SUBCOMMANDS).join(', ');
    const found = word === undefined ? '' : `, found "${word}"`;
    return Promise.reject(new UsageError(`say what to evaluate: ${known}${found}`));
  },
};
