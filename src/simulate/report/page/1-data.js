// The files of this folder run in the order of their names as one module of the page, and see each other's names.

/** @typedef {import('../page-data.ts').PageData} PageData */
/** @typedef {import('../page-data.ts').PageTrace} PageTrace */
/** @typedef {import('../page-data.ts').PageContender} PageContender */

/**
 * One contender on one trace, unpacked.
 * @typedef {object} Life
 * @property {PageContender} contender
 * @property {Uint16Array} replicas
 * @property {Uint16Array} slow
 * @property {Float32Array | undefined} bound
 */

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no element #${id}`);
  return element;
}

/** @type {PageData} */
const page = JSON.parse(byId('backtest').textContent ?? '');

/** @param {string} base64 */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

/** @type {Map<PageTrace, { times: number[], demand: Float32Array, lives: Map<string, Life> }>} */
const unpacked = new Map();

/**
 * Unpacks a trace when it is looked at for the first time.
 * @param {PageTrace} trace
 */
function unpack(trace) {
  const known = unpacked.get(trace);
  if (known !== undefined) return known;
  const demand = new Float32Array(bytesOf(trace.demand));
  const lives = trace.contenders.map((contender) => ({
    contender,
    replicas: new Uint16Array(bytesOf(contender.replicas)),
    slow: new Uint16Array(bytesOf(contender.slow)),
    bound: contender.bound === undefined ? undefined : new Float32Array(bytesOf(contender.bound)),
  }));
  const result = {
    times: Array.from(demand, (_, step) => trace.start + step * trace.stepSeconds),
    demand,
    lives: new Map(lives.map((life) => [life.contender.name, life])),
  };
  unpacked.set(trace, result);
  return result;
}

/**
 * Replica-hours from the start of the scored part; replicas asked for differ a little from those paid for, so that the
 * whole is made to agree with the table.
 * @param {PageTrace} trace
 * @param {Life} life
 * @returns {(number | null)[]}
 */
function costSoFar(trace, { replicas, contender }) {
  const first = Math.round(trace.warmupSeconds / trace.stepSeconds);
  let sum = 0;
  const sums = Array.from(replicas, (count, step) => (step < first ? null : (sum += count)));
  const hours = contender.replicaSeconds / 3600;
  return sums.map((value) => (value === null ? null : (value / sum) * hours));
}

/**
 * Share of slow requests from the start of the scored part, in percent: what the objective is held against at the end.
 * @param {PageTrace} trace
 * @param {Life} life
 * @returns {(number | null)[]}
 */
function slowSoFar(trace, { slow }) {
  const { demand } = unpack(trace);
  const first = Math.round(trace.warmupSeconds / trace.stepSeconds);
  let all = 0;
  let late = 0;
  return Array.from(slow, (share, step) => {
    if (step < first) return null;
    all += demand[step] ?? 0;
    late += (demand[step] ?? 0) * (share / page.shareScale);
    return all === 0 ? 0 : (late / all) * 100;
  });
}
