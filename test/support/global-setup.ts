import { startShared } from './shared-control-plane.ts';

export default startShared;
