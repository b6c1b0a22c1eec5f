/** A key and a certificate for `localhost`, both in PEM, made for one run. */
export interface Certificate {
  /** The certificate, which the key itself signed. */
  cert: string;
  /** The key. */
  key: string;
}

/**
 * Makes a certificate (RFC 5280, section 4.1), so that no key has to lie in the
 * repository. Browsers speak HTTP/2 over TLS only.
 */
export async function createCertificate(): Promise<Certificate> {
  const keys = await crypto.subtle.generateKey(
    {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    },
    true,
    ["sign", "verify"],
  );
  const publicKey = await crypto.subtle.exportKey("spki", keys.publicKey);
  const privateKey = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const content = describe(new Uint8Array(publicKey));
  const signature = await crypto.subtle.sign(
    "RSASSA-PKCS1-v1_5",
    keys.privateKey,
    content,
  );
  const signed = der(
    SEQUENCE,
    content,
    SHA256_WITH_RSA,
    der(BIT_STRING, [0], new Uint8Array(signature)),
  );
  return {
    cert: pem("CERTIFICATE", signed),
    key: pem("PRIVATE KEY", new Uint8Array(privateKey)),
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const NULL = 0x05;
const OID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;
const DNS_NAME = 0x82;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

// 1.2.840.113549.1.1.11, 2.5.4.3 and 2.5.29.17.
const SHA256_WITH_RSA = der(
  SEQUENCE,
  der(OID, [42, 134, 72, 134, 247, 13, 1, 1, 11]),
  der(NULL),
);
const COMMON_NAME = der(OID, [85, 4, 3]);
const SUBJECT_ALT_NAME = der(OID, [85, 29, 17]);

/** TBSCertificate: what is signed. */
function describe(publicKey: Bytes): Bytes {
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, text("localhost")))),
  );
  const day = 24 * 60 * 60 * 1000;
  const validity = der(
    SEQUENCE,
    der(UTC_TIME, text(utcTime(Date.now() - day))),
    der(UTC_TIME, text(utcTime(Date.now() + day))),
  );
  const names = der(SEQUENCE, der(DNS_NAME, text("localhost")));
  return der(
    SEQUENCE,
    der(VERSION, der(INTEGER, [2])),
    der(INTEGER, [1]),
    SHA256_WITH_RSA,
    name,
    validity,
    name,
    publicKey,
    der(
      EXTENSIONS,
      der(SEQUENCE, der(SEQUENCE, SUBJECT_ALT_NAME, der(OCTET_STRING, names))),
    ),
  );
}

/** Encodes a value by the Distinguished Encoding Rules of ASN.1 (X.690). */
function der(tag: number, ...parts: (Bytes | number[])[]): Bytes {
  const content = parts.flatMap((part) => [...part]);
  const { length } = content;
  const size = length < 0x80
    ? [length]
    : length < 0x100
    ? [0x81, length]
    : [0x82, length >> 8, length & 0xff];
  return new Uint8Array([tag, ...size, ...content]);
}

function text(value: string): Bytes {
  return new TextEncoder().encode(value);
}

/** `YYMMDDHHMMSSZ`. */
function utcTime(time: number): string {
  return new Date(time).toISOString().replace(/^..|\.\d+|[-:T]/g, "");
}

function pem(label: string, bytes: Bytes): string {
  const lines = bytes.toBase64().match(/.{1,64}/g)!.join("\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
