// Writes the vectors that are made here anew:
//   node test/vectors/generate.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generated } from './generated.ts';
import { generatedLink } from './generated-link.ts';

for (const [name, text] of [...generated(), ...generatedLink()]) {
  writeFileSync(join(import.meta.dirname, name), text);
}
