import type { Suite } from './suite.ts';
export const processSuite: Suite = { name: 'process', title: '', run: () => ({ figures: [], notes: [] }) };
