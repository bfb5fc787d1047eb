// Both suites against published vectors, and what a sealed value refuses.
import { createCipheriv, createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blindIndex, decrypt, encrypt, isSealed, type KeyName, readSealed, seal } from './sealing.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

const encryptWith = (cipherName: string, vector: { key: string; iv: string; about: string; plain: string }): string => {
  const cipher = createCipheriv(cipherName as 'aes-256-gcm', hex(vector.key), hex(vector.iv));
  cipher.setAAD(hex(vector.about));
  return Buffer.concat([cipher.update(hex(vector.plain)), cipher.final(), cipher.getAuthTag()]).toString('hex');
};

test('SM4-GCM as RFC 8998, appendix A.1 has it', () => {
  const sealed = encryptWith('sm4-gcm', {
    key: '0123456789ABCDEFFEDCBA9876543210',
    iv: '00001234567800000000ABCD',
    about: 'FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2',
    plain:
      'AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDDEEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA',
  });
  expect(sealed).toBe(
    '17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D83DE3541E4C2B58177E065A9BF7B62EC'.toLowerCase(),
  );
});

test('SM3 as GB/T 32905, appendix A has it', () => {
  expect(createHash('sm3').update('abc').digest('hex')).toBe(
    '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
  );
});

test('AES-256-GCM as test case 16 of the GCM specification has it', () => {
  const sealed = encryptWith('aes-256-gcm', {
    key: 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
    iv: 'cafebabefacedbaddecaf888',
    about: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plain:
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
  });
  expect(sealed).toBe(
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
      '76fc6ece0f4e1768cddf8853bb2d551b',
  );
});

const key = hex('00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff');
const name: KeyName = { county: '511902', subject: '0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b' };

test.each(['standard', 'gm'] as const)('what is sealed with %s opens with its key, and says whose that is', (suite) => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.json().map((text) => JSON.parse(text) as object),
      ),
      fc.constantFrom('511902', '5119', ''),
      (value, county) => {
        const text = seal(value, suite, { ...name, county }, key);
        expect(isSealed(text)).toBe(true);
        const sealed = readSealed(text);
        expect(sealed?.name).toEqual({ ...name, county });
        expect(sealed?.open(key)).toEqual(value);
        expect(sealed?.open(Buffer.alloc(32))).toBeUndefined();
      },
    ),
  );
});

test('a value with any bit changed, or moved to another person, does not open', () => {
  const text = seal('张志远', 'standard', name, key);
  const bytes = Buffer.from(text.slice(1), 'base64url');
  for (let at = 1; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(readSealed(`\u0002${changed.toString('base64url')}`)?.open(key), `byte ${at}`).toBeUndefined();
  }
  expect(readSealed('\u0002')).toBeUndefined();
  expect(readSealed('\u0002AQEA')).toBeUndefined();
});

test('two seals of one value differ, its index does not, and the index is of field and key', () => {
  expect(seal('张志远', 'standard', name, key)).not.toBe(seal('张志远', 'standard', name, key));
  const index = blindIndex('standard', key)('name', '张志远');
  expect(index).toBe(blindIndex('standard', key)('name', '张志远'));
  const others = [
    blindIndex('standard', key)('phone', '张志远'),
    blindIndex('standard', Buffer.alloc(32))('name', '张志远'),
    blindIndex('gm', key)('name', '张志远'),
  ];
  expect(new Set([index, ...others]).size).toBe(4);
  for (const [suite, hash] of [
    ['standard', 'sha256'],
    ['gm', 'sm3'],
  ] as const) {
    const hmac = createHmac(hash, key).update('name\0张志远').digest();
    expect(blindIndex(suite, key)('name', '张志远')).toBe(Number(hmac.readBigUInt64BE() >> 11n));
  }
});

test('encryption is bound to what it is about', () => {
  const sealed = encrypt('gm', key, Buffer.from('a'), Buffer.from('x'));
  expect(decrypt('gm', key, Buffer.from('a'), sealed)?.toString()).toBe('x');
  expect(decrypt('gm', key, Buffer.from('b'), sealed)).toBeUndefined();
  expect(decrypt('standard', key, Buffer.from('a'), sealed)).toBeUndefined();
});
