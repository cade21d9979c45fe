import { UsageError, type Verb } from '../verb.ts';
import { validate } from './validate.ts';

const SUBCOMMANDS = { validate };

const HELP = `Look at recorded data as training will see them.

Usage:
  kubectl autonomic data validate POLICY --prometheus URL [flags]
  kubectl autonomic data validate --input FILE|FOLDER… [flags]

Commands:
  validate   ${validate.summary}

It has its own --help.
`;

export const data: Verb = {
  name: 'data',
  summary: 'Are recorded measurements good enough to learn from?',
  help: HELP,
  subcommands: SUBCOMMANDS,
  run([word]) {
    const known = Object.keys(SUBCOMMANDS).join(', ');
    const found = word === undefined ? '' : `, found "${word}"`;
    return Promise.reject(new UsageError(`say what to do with the data: ${known}${found}`));
  },
};
