export { meanWait, probabilityOfWait, probabilityOfWaitBeyond } from '../loop/plan/erlang-c.ts';
