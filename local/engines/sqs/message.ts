/** A message, and the checksums that clients hold it to. */
import { createHash, hash } from 'node:crypto';

export interface AttributeValue {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, AttributeValue>>;

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentAt: number;
  /** Hidden before: delayed, or received and neither deleted nor given back. */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number | undefined;
  /** Of the last time that it was received. */
  receiptHandle?: string | undefined;
  /** The queue it was given up in. */
  readonly deadLetterSourceArn?: string | undefined;
}

export const md5OfBody = ({ body }: Pick<Message, 'body'>): string => hash('md5', body);

/** Over names in order: lengths and bytes of name, type and value, with a byte that tells text from binary. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const digest = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = attributes[name] as AttributeValue;
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    digest.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    add(BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64'));
  }
  return digest.digest('hex');
}

/** Attributes count as the body does. */
export function messageBytes({ body, attributes }: Pick<Message, 'body' | 'attributes'>): number {
  const parts = Object.entries(attributes).map(
    ([name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      Buffer.byteLength(name + DataType + StringValue) + Buffer.from(BinaryValue, 'base64').length,
  );
  return parts.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(body));
}
