/** As a user whom the system does not know, with no HOME: prints what folders it finds. */
import { userFolder } from './support/internals.ts';

/** Far above those that systems give to people and services. */
const UNKNOWN_USER = 1_999_999_999;

process.setuid?.(UNKNOWN_USER);
console.log(String(userFolder('config', 'farthing', {})), userFolder('config', 'farthing', { HOME: '/h' }));
