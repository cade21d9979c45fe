import { ApiError } from '../adapters/kubernetes/errors.ts';
import { CorruptLineError } from './line-splitter.ts';
import { planRetry, SilentStreamError, type RetryPlan } from './retry-plan.ts';

const api = (status: number, reason = '', causes: string[] = []): ApiError =>
  new ApiError({ status, reason, causes, message: '' });

describe('planRetry', () => {
  it.each<[string, unknown, 'list' | 'watch', RetryPlan]>([
    ['a silent stream', new SilentStreamError(), 'watch', { relist: false, wait: 'Now' }],
    ['a corrupt line', new CorruptLineError(), 'watch', { relist: true, wait: 'Backoff' }],
    ['an expired version', api(410, 'Expired'), 'watch', { relist: true, wait: 'Backoff' }],
    ['an expired page token', api(410, 'Expired'), 'list', { relist: true, wait: 'Backoff' }],
    [
      'a server behind us',
      api(504, 'Timeout', ['ResourceVersionTooLarge']),
      'watch',
      { relist: true, wait: 'Backoff' },
    ],
    ['throttling', api(429), 'watch', { relist: false, wait: 'RetryAfter' }],
    ['refused credentials', api(401), 'watch', { relist: false, wait: 'Backoff' }],
    ['a missing role', api(403), 'list', { relist: false, wait: 'Forbidden' }],
    ['a kind that is not installed', api(404), 'list', { relist: true, wait: 'Absent' }],
    ['a kind that went away', api(404), 'watch', { relist: true, wait: 'Backoff' }],
    ['a server error', api(500), 'list', { relist: false, wait: 'Backoff' }],
    ['a broken connection', api(0, 'Network'), 'watch', { relist: false, wait: 'Backoff' }],
    ['anything else', new Error('boom'), 'watch', { relist: false, wait: 'Backoff' }],
  ])('after %s', (_, error, during, plan) => {
    expect(planRetry(error, during)).toEqual(plan);
  });
});
