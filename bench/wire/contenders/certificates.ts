import { generateKeyPairSync, sign } from 'node:crypto';
import type { Identity } from '../connection.ts';

/** The signature that a certificate's key makes. */
export type CertificateKind = 'P-256' | 'Ed25519';

/** X.690: tags of the DER encoding. */
const TAG = {
  integer: 0x02,
  bits: 0x03,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  time: 0x17,
} as const;

/**
 * AlgorithmIdentifiers of ecdsa-with-SHA256 (RFC 5758 3.2) and Ed25519 (RFC 8410 3), and the OID of a common
 * name.
 */
const SIGNATURES = { 'P-256': '2a8648ce3d040302', Ed25519: '2b6570' } as const;
const COMMON_NAME = '550403';

/** A new key and the certificate that it has signed for itself (RFC 5280 4.1, version 1), both as PEM. */
export function selfSigned(kind: CertificateKind, name: string): Identity {
  const { publicKey, privateKey } =
    kind === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der('sequence', der('oid', Buffer.from(SIGNATURES[kind], 'hex')));
  const commonName = der(
    'sequence',
    der('oid', Buffer.from(COMMON_NAME, 'hex')),
    der('utf8', Buffer.from(name)),
  );
  const distinguishedName = der('sequence', der('set', commonName));
  const signed = der(
    'sequence',
    der('integer', Buffer.of(1)),
    algorithm,
    distinguishedName,
    der('sequence', time('200101000000Z'), time('491231235959Z')),
    distinguishedName,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign(kind === 'Ed25519' ? null : 'sha256', signed, privateKey);
  const certificate = der('sequence', signed, algorithm, der('bits', Buffer.of(0), signature));
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    known: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

function time(text: string): Buffer {
  return der('time', Buffer.from(text));
}

/** A value in DER, of less than 64 KiB. */
function der(tag: keyof typeof TAG, ...parts: readonly Uint8Array[]): Buffer {
  const { length } = Buffer.concat(parts);
  const header =
    length < 0x80
      ? [TAG[tag], length]
      : length < 0x100
        ? [TAG[tag], 0x81, length]
        : [TAG[tag], 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), ...parts]);
}
