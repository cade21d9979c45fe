import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './verb.ts';

/** Flags, and other words where those are allowed, not yet looked at. @throws UsageError for flags that there are not */
export function rawFlags<T extends Omit<ParseArgsConfig, 'args'>>(
  args: readonly string[],
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs({ ...config, args: [...args] }) as ReturnType<typeof parseArgs<T>>;
  } catch (error) {
    // Node's message goes on with advice about positional arguments.
    throw new UsageError((error as Error).message.split(/\.\s|\n/)[0] ?? 'wrong flags');
  }
}
