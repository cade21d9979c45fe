import winston from 'winston';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Structured fields of one line. Values are numbers and short texts; decisions are named by `decisionId`. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** What the rest of the operator logs through: one line of JSON with a message in the past tense. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

/** Things that must never reach a log, wherever they come from: bearer tokens and the userinfo of a URL. */
const SECRETS: readonly [RegExp, string][] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [redacted]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '[redacted]'],
  [/(\w+:\/\/)[^\s/@]+@/g, '$1[redacted]@'],
];

export function redact(text: string): string {
  return SECRETS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

const redactAll = winston.format((info) => {
  for (const [key, value] of Object.entries(info)) {
    if (typeof value === 'string') info[key] = redact(value);
  }
  return info;
});

/** JSON lines on standard error, so that standard output stays free for answers. */
export function createLogger(level: LogLevel): Logger {
  return winston.createLogger({
    level,
    format: winston.format.combine(redactAll(), winston.format.timestamp(), winston.format.json()),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types declare Console as an interface
    transports: [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] })],
  });
}
