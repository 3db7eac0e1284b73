/**
 * What is told while something long goes on: how much is done, of how much. `copy` counts pages of the file, `audit`
 * transfers.
 */
export type Progress = (what: 'copy' | 'audit', done: number, all: number) => void;
