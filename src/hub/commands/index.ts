/** Every command, by the name of its method. */
export { befriend } from './befriend.ts';
export { exit } from './exit.ts';
export { friends } from './friends.ts';
export { history } from './history.ts';
export { list } from './list.ts';
export { login } from './login.ts';
export { lookup } from './lookup.ts';
export { pay } from './pay.ts';
export { register } from './register.ts';
export { unfriend } from './unfriend.ts';
