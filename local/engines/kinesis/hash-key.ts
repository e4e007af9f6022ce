/** Where a partition key falls: 128 bits, as 32 hexadecimal digits so that comparing strings compares numbers. */
import { hash } from 'node:crypto';
import { AwsError } from '../aws-json.ts';

export type HashKey = string;

const HASH_KEYS = 1n << 128n;

export function hashKeyOf(partitionKey: string): HashKey {
  return hash('md5', partitionKey);
}

export function fromDecimal(decimal: string): HashKey {
  const value = /^(0|[1-9]\d{0,38})$/.test(decimal) ? BigInt(decimal) : HASH_KEYS;
  if (value >= HASH_KEYS) {
    throw new AwsError('InvalidArgumentException', `${decimal} is not a hash key: it must be a number below 2^128`);
  }
  return fromNumber(value);
}

export function toDecimal(hashKey: HashKey): string {
  return BigInt(`0x${hashKey}`).toString();
}

export function fromNumber(value: bigint): HashKey {
  return value.toString(16).padStart(32, '0');
}

export function toNumber(hashKey: HashKey): bigint {
  return BigInt(`0x${hashKey}`);
}

/** The whole range in `count` parts of (nearly) the same size: first and last hash key of each. */
export function divideRange(count: number): readonly (readonly [HashKey, HashKey])[] {
  const width = HASH_KEYS / BigInt(count);
  return Array.from({ length: count }, (_, index) => {
    const end = index === count - 1 ? HASH_KEYS : width * BigInt(index + 1);
    return [fromNumber(width * BigInt(index)), fromNumber(end - 1n)] as const;
  });
}
