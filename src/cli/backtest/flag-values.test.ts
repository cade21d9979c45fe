import { UsageError } from '../verb.ts';
import {
  formatDuration,
  parseChoice,
  parseDecimal,
  parseDuration,
  parseShare,
  parseWhole,
} from './flag-values.ts';

const wide = { least: 0, most: 1e9 };

describe('values on the command line', () => {
  test.each([
    ['300ms', 0.3],
    ['20s', 20],
    ['1.5m', 90],
    ['12h', 43_200],
    ['7d', 604_800],
    ['2w', 1_209_600],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration('--x', text, wide)).toBe(seconds);
  });

  test.each([
    ['1%', 0.01],
    ['0.2%', 0.002],
    ['0.05', 0.05],
    ['0', 0],
  ])('%s is the share %d', (text, share) => {
    expect(parseShare('--x', text, { least: 0, most: 1 })).toBe(share);
  });

  test.each([
    [
      (text: string) => parseDuration('--startup', text, { least: 1, most: 3600 }),
      ['20', '20 s', '-1s', '', '1e3s', 's', '2h', '1ms', 'NaNs', '1d2h'],
      '--startup must be a duration from 1s to 1h such as 20s, 300ms or 7d, found ',
    ],
    [
      (text: string) => parseShare('--slo-target', text, { least: 0.01, most: 0.5 }),
      ['one', '%', '60%', '0.6', '0', '-1%', '1 %', '1e-2'],
      '--slo-target must be a share from 1% to 50% such as 1%, found ',
    ],
    [
      (text: string) => parseWhole('--seed', text, { least: 0, most: 9 }),
      ['', '10', '1.5', '-1', '0x1', '1e0', ' 1'],
      '--seed must be a whole number from 0 to 9, found ',
    ],
    [
      (text: string) => parseDecimal('--price', text, { least: 0, most: 9 }),
      ['', '10', '-1', 'Infinity', '1,5', '.5'],
      '--price must be a number from 0 to 9, found ',
    ],
    [
      (text: string) => parseChoice('--output', text, ['table', 'json', 'html']),
      ['', 'xml', 'Table'],
      '--output must be table, json or html, found ',
    ],
  ])('are refused with what is allowed and what was found: %#', (parse, texts, message) => {
    for (const text of texts) {
      expect(() => parse(text)).toThrow(new UsageError(`${message}"${text}"`));
    }
  });

  test.each([
    [0.3, '300ms'],
    [90, '90s'],
    [120, '2m'],
    [86_400, '1d'],
  ])('%d seconds are said as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
