const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * `Tue 2026-03-03 14:05`, UTC.
 * @param {number} seconds since the epoch
 */
function formatTime(seconds) {
  const date = new Date(seconds * 1000);
  const seconds60 = date.getUTCSeconds();
  const text = date.toISOString();
  return `${WEEKDAYS[date.getUTCDay()]} ${text.slice(0, 10)} ${text.slice(11, seconds60 === 0 ? 16 : 19)}`;
}

/** @param {number} value */
function formatNumber(value) {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** @param {number} share */
function formatPercent(share) {
  return `${formatNumber(share * 100)} %`;
}
