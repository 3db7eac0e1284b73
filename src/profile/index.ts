/** What a person keeps between runs: the key, the servers known, who they are there. */
export { ProfileError, type ProfileErrorCode } from './errors.ts';
export { createIdentity, loadIdentity, openIdentity } from './identity.ts';
export { type KnownServer, KnownServers } from './known-servers.ts';
export { configFolder, loadProfile, type Profile, profileFolder, saveProfile } from './profile.ts';
