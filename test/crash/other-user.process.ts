/** Opens books as nobody in particular: `node other-user.process.ts PATH`. Prints the error that it meets. */
import { StoreError, sqliteArchive } from '../../src/ledger/index.ts';

/** The user that owns nothing, on Linux; any other than root does. */
const NOBODY = 65_534;

if (process.getuid?.() === 0) {
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}
try {
  await sqliteArchive(process.argv[2] ?? '').open();
  console.log('opened');
} catch (error) {
  if (!(error instanceof StoreError)) {
    throw error;
  }
  console.log(`${error.code}: ${error.message}`);
}
