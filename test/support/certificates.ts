import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** A certificate with its key, both PEM, and what is needed to sign others with it. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly name: string;
  readonly privateKey: KeyObject;
}

/**
 * Makes an X.509 certificate (RFC 5280) with a P-256 key, valid from yesterday to tomorrow, for the address
 * 127.0.0.1. Without an issuer it signs itself and is an authority.
 */
export function makeCertificate(name: string, issuer?: Certificate): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = issuer?.privateKey ?? privateKey;
  const day = 86_400_000;
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer?.name ?? name),
    sequence(utcTime(Date.now() - day), utcTime(Date.now() + day)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(issuer === undefined ? IS_AUTHORITY : FOR_LOCALHOST)),
  );
  const signature = sign('sha256', body, signer);
  const der = sequence(body, ECDSA_WITH_SHA256, element(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').replace(/(.{64})/g, '$1\n');
  const cert = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), name, privateKey };
}

function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

function tagged(tag: number, content: Buffer): Buffer {
  return element(tag, content);
}

function integer(bytes: Buffer): Buffer {
  return element(0x02, bytes);
}

function objectIdentifier(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, 'hex'));
}

function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return element(0x17, Buffer.from(`${digits}Z`));
}

function distinguishedName(commonName: string): Buffer {
  const attribute = sequence(objectIdentifier('550403'), element(0x0c, Buffer.from(commonName)));
  return sequence(element(0x31, attribute));
}

function extension(identifier: string, content: Buffer): Buffer {
  return sequence(objectIdentifier(identifier), element(0x04, content));
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('2a8648ce3d040302'));
/** Basic constraints: CA true. */
const IS_AUTHORITY = extension('551d13', sequence(element(0x01, Buffer.from([0xff]))));
/** Subject alternative name: IP address 127.0.0.1. */
const FOR_LOCALHOST = extension('551d11', sequence(element(0x87, Buffer.from([127, 0, 0, 1]))));
