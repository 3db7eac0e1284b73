import { VERSION } from '../../system/version.ts';

/** What `--version` shows: the program, the runtime, and what links are encrypted with. */
export async function versionLines(program: string): Promise<string[]> {
  const { chooseBackend } = await import('../../link/index.ts');
  return [
    `${program} ${VERSION}`,
    `Node ${process.versions.node}`,
    `cryptography: ${chooseBackend().description}`,
    'suites: Noise_XXhfs_25519+MLKEM768_ChaChaPoly_SHA256 (XXhfs), Noise_XX_25519_ChaChaPoly_SHA256 (XX)',
  ];
}
