// Verifies files of vectors on every backend:
//   npm run -s vectors -- FILE…
import { verifyFiles } from './verification.ts';

process.exitCode = verifyFiles(process.argv.slice(2), (line) => console.log(line));
