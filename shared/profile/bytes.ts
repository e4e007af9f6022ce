/**
 * A growing buffer of variable-length integers, numbers and text, and the cursor that reads it back.
 *
 * Integers are LEB128 in seven-bit groups, exact up to 2^53 − 1; signed ones are zigzag-coded.
 */
import { invariant } from '#shared/kernel/invariant.ts';

const GROUP = 128;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What was read is not what a writer of this format wrote. */
export class CorruptBytes extends Error {
  override readonly name = 'CorruptBytes';
}

export class ByteWriter {
  // From Node's pool and not cleared: a writer is made for every leaf that an event touches.
  #bytes: Uint8Array = Buffer.allocUnsafe(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  byte(value: number): this {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  /** `value` is an integer from 0 to 2^53 − 1. */
  varint(value: number): this {
    invariant(Number.isSafeInteger(value) && value >= 0, `${value} is no unsigned integer`);
    this.#reserve(8);
    let rest = value;
    while (rest >= GROUP) {
      this.#bytes[this.#length++] = (rest % GROUP) + GROUP;
      rest = Math.floor(rest / GROUP);
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  /** `value` is an integer whose absolute value is below 2^52. */
  signed(value: number): this {
    return this.varint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  uint32(value: number): this {
    this.#reserve(4);
    new DataView(this.#bytes.buffer, this.#bytes.byteOffset).setUint32(this.#length, value);
    this.#length += 4;
    return this;
  }

  float64(value: number): this {
    this.#reserve(8);
    new DataView(this.#bytes.buffer, this.#bytes.byteOffset).setFloat64(this.#length, value);
    this.#length += 8;
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** Bytes behind their own length. */
  block(bytes: Uint8Array): this {
    return this.varint(bytes.length).raw(bytes);
  }

  text(value: string): this {
    return this.block(encoder.encode(value));
  }

  finish(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#length));
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length;
  }

  #take(count: number): number {
    const start = this.#position;
    if (start + count > this.#bytes.length)
      throw new CorruptBytes(`${count} bytes wanted at ${start}, but the end comes first`);
    this.#position += count;
    return start;
  }

  byte(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte % GROUP) * scale;
      if (byte < GROUP) break;
      scale *= GROUP;
    }
    if (!Number.isSafeInteger(value)) throw new CorruptBytes(`an integer above 2^53 before ${this.#position}`);
    return value;
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  uint32(): number {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(this.#take(4));
  }

  float64(): number {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getFloat64(this.#take(8));
  }

  raw(count: number): Uint8Array {
    const start = this.#take(count);
    return this.#bytes.subarray(start, start + count);
  }

  block(): Uint8Array {
    return this.raw(this.varint());
  }

  text(): string {
    return decoder.decode(this.block());
  }
}
