/** What is measured, each by its name, for scripts, and its title, for people. */
export const OPERATIONS = [
  { name: 'key-pair', title: 'make an X25519 key pair' },
  { name: 'x25519', title: 'X25519 shared secret with a public key of 32 bytes' },
  { name: 'responder', title: 'X25519 of a responder in XX: a key pair and three shared secrets' },
  { name: 'seal-64', title: 'ChaCha20-Poly1305, seal 64 B' },
  { name: 'open-64', title: 'ChaCha20-Poly1305, open 64 B' },
  { name: 'seal-1k', title: 'ChaCha20-Poly1305, seal 1 KiB' },
  { name: 'open-1k', title: 'ChaCha20-Poly1305, open 1 KiB' },
  { name: 'seal-16k', title: 'ChaCha20-Poly1305, seal 16 KiB' },
  { name: 'open-16k', title: 'ChaCha20-Poly1305, open 16 KiB' },
  { name: 'sha256-64', title: 'SHA-256 of 64 B' },
  { name: 'hkdf', title: 'HKDF-SHA-256, two outputs' },
  { name: 'ml-kem-generate', title: 'make an ML-KEM-768 key pair' },
  { name: 'ml-kem-encapsulate', title: 'ML-KEM-768, encapsulate to a public key of 1,184 bytes' },
  { name: 'ml-kem-decapsulate', title: 'ML-KEM-768, decapsulate 1,088 bytes' },
] as const;

export type OperationName = (typeof OPERATIONS)[number]['name'];

/** Each call does the operation once. What it needs was made before, and each call gets the same. */
export type Operations = Readonly<Record<OperationName, () => unknown>>;
