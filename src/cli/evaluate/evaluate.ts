import { UsageError, type Verb } from '../verb.ts';
import { forecast } from './forecast.ts';

const SUBCOMMANDS = { forecast };

const HELP = `Measure how good a part of Autonomic is, on series of your own.

Usage:
  kubectl autonomic evaluate forecast --input FILE|FOLDER… [flags]

Commands:
  forecast   ${forecast.summary}

Each has its own --help.
`;

export const evaluate: Verb = {
  name: 'evaluate',
  summary: 'Measure how good the forecasts are, on series of your own',
  help: HELP,
  subcommands: SUBCOMMANDS,
  run([word]) {
    const known = Object.keys(SUBCOMMANDS).join(', ');
    const found = word === undefined ? '' : `, found "${word}"`;
    return Promise.reject(new UsageError(`say what to evaluate: ${known}${found}`));
  },
};
