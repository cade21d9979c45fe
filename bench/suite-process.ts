// Runs one suite and sends its findings to the parent. Arguments: suite, data folder, seed.

import { SUITES } from './suites.ts';

const [name = '', data = '', seed = ''] = process.argv.slice(2);
const suite = SUITES.find((each) => each.name === name);
if (suite === undefined) throw new Error(`no suite is called '${name}'`);
const progress = (line: string): void => {
  process.stderr.write(`${name}: ${line}\n`);
};
const findings = await suite.run({ data, seed: Number.parseInt(seed, 10), progress });
process.send?.(findings);
process.disconnect();
