import { UsageError, type Verb } from '../verb.ts';
import { dump } from './dump.ts';

const SUBCOMMANDS = { dump };

const HELP = `Look into the operator's journal: what it is doing, and what it has not stored elsewhere yet.

Usage:
  kubectl autonomic journal dump FOLDER [flags]

Commands:
  dump   ${dump.summary}

It has its own --help.
`;

export const journal: Verb = {
  name: 'journal',
  summary: "Records of the operator's journal, and whether it is damaged",
  help: HELP,
  subcommands: SUBCOMMANDS,
  run([word]) {
    const known = Object.keys(SUBCOMMANDS).join(', ');
    const found = word === undefined ? '' : `, found "${word}"`;
    return Promise.reject(new UsageError(`say what to do with the journal: ${known}${found}`));
  },
};
