import { stopShared } from './shared-control-plane.ts';

export default stopShared;
