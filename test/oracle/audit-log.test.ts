import { parseAudit } from './audit-log.ts';

const LINE = '{"auditID":"a","stage":"ResponseComplete"}\n';

test.each([
  ['an empty log', '', 0],
  ['two events', LINE + LINE, 2],
  ['a last line that is still being written', `${LINE}{"auditID":"b","st`, 1],
  ['a last line that looks complete but has no end', `${LINE}${LINE.trim()}`, 1],
])('%s', (_, text, count) => {
  expect(parseAudit(text)).toHaveLength(count);
});

test('a broken line in the middle is an error with its number, not a missing event', () => {
  expect(() => parseAudit(`${LINE}{"audit\n${LINE}`)).toThrow('audit log line 2 is not JSON');
});
