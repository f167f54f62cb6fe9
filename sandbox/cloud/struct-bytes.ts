/**
 * google.protobuf.Struct in protobuf's wire format, read into plain values and written from them without the message
 * objects in between: they are half of what a call costs. Source: protobuf's encoding guide, struct.proto.
 */

type Fields = Readonly<Record<string, unknown>>;

/** What becomes of texts and objects as they are read. A value that becomes undefined is left out; in a list it is null. */
export interface Reading {
  readonly text: (text: string) => unknown;
  readonly object: (fields: Record<string, unknown>) => unknown;
}

/** Field number and wire type of what struct.proto declares, as one byte. */
const tags = {
  /** Struct.fields, ListValue.values, and the key of a map's entry. */
  first: 0x0a,
  entryValue: 0x12,
  null: 0x08,
  number: 0x11,
  text: 0x1a,
  boolean: 0x20,
  struct: 0x2a,
  list: 0x32,
} as const;

/**
 * Reads a struct; nulls are left out.
 *
 * @param wanted The only fields to be read. @default - all
 * @throws Error when the bytes are no struct.
 */
export function readStruct(
  bytes: Uint8Array,
  reading: Reading,
  wanted?: readonly string[],
): Record<string, unknown> {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Reader(data, reading).struct(data.length, wanted);
}

class Reader {
  readonly #data: Buffer;
  readonly #reading: Reading;
  #at = 0;

  constructor(data: Buffer, reading: Reading) {
    this.#data = data;
    this.#reading = reading;
  }

  struct(end: number, wanted?: readonly string[]): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    while (this.#at < end) {
      const tag = this.#varint();
      if (tag === tags.first) this.#entry(this.#end(), object, wanted);
      else this.#skip(tag);
    }
    return object;
  }

  #entry(end: number, object: Record<string, unknown>, wanted: readonly string[] | undefined): void {
    let key = "";
    let from = end;
    let to = end;
    while (this.#at < end) {
      const tag = this.#varint();
      if (tag === tags.first) key = this.#text();
      else if (tag === tags.entryValue) {
        to = this.#end();
        from = this.#at;
        this.#at = to;
      } else this.#skip(tag);
    }
    if (wanted?.includes(key) === false) return;
    this.#at = from;
    const value = this.#value(to);
    this.#at = end;
    if (value !== undefined) object[key] = value;
  }

  #value(end: number): unknown {
    let value: unknown;
    while (this.#at < end) {
      const tag = this.#varint();
      switch (tag) {
        case tags.text:
          value = this.#reading.text(this.#text());
          break;
        case tags.number:
          value = this.#data.readDoubleLE(this.#at);
          this.#at += 8;
          break;
        case tags.boolean:
          value = this.#varint() !== 0;
          break;
        case tags.struct:
          value = this.#reading.object(this.struct(this.#end()));
          break;
        case tags.list:
          value = this.#list(this.#end());
          break;
        default:
          this.#skip(tag);
      }
    }
    return value;
  }

  #list(end: number): unknown[] {
    const list: unknown[] = [];
    while (this.#at < end) {
      const tag = this.#varint();
      if (tag === tags.first) list.push(this.#value(this.#end()) ?? null);
      else this.#skip(tag);
    }
    return list;
  }

  #text(): string {
    const end = this.#end();
    const text = this.#data.toString("utf8", this.#at, end);
    this.#at = end;
    return text;
  }

  /** Reads a length; gives where what is that long ends. */
  #end(): number {
    const length = this.#varint();
    const end = this.#at + length;
    if (end > this.#data.length) throw new RangeError("A struct's bytes end too early.");
    return end;
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#data[this.#at++];
      if (byte === undefined) throw new RangeError("A struct's bytes end too early.");
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  /** Passes over a field that struct.proto does not declare, or a null. */
  #skip(tag: number): void {
    const wireType = tag & 7;
    if (wireType === 0) this.#varint();
    else if (wireType === 1) this.#at += 8;
    else if (wireType === 2) this.#at = this.#end();
    else if (wireType === 5) this.#at += 4;
    else
      throw new RangeError(
        `A struct's bytes have a field of the wire type ${wireType}, which it has none of.`,
      );
  }
}

/**
 * Writes a struct; undefined and null values are left out, in lists they are null.
 *
 * @param plain What is written in a value's place.
 */
export function writeStruct(object: Fields, plain: (value: unknown) => unknown): Buffer {
  const writer = new Writer(plain);
  writer.struct(object);
  return writer.result();
}

/** What the last one grew to suits the next one: writing never waits, so that there is one writer at a time. */
let scratch = Buffer.allocUnsafe(16_384);

/** Writes from the end to the beginning: so the length of what is nested is known when it is due. */
class Writer {
  readonly #plain: (value: unknown) => unknown;
  /** How many bytes at the end of the buffer are written. */
  #written = 0;

  constructor(plain: (value: unknown) => unknown) {
    this.#plain = plain;
  }

  result(): Buffer {
    return Buffer.from(scratch.subarray(scratch.length - this.#written));
  }

  struct(object: Fields): void {
    for (const [key, item] of Object.entries(object).reverse()) {
      if (item === undefined || item === null) continue;
      const behind = this.#written;
      this.#value(item);
      this.#head(tags.entryValue, behind);
      this.#text(tags.first, key);
      this.#head(tags.first, behind);
    }
  }

  #value(item: unknown): void {
    const value = this.#plain(item);
    const behind = this.#written;
    if (typeof value === "string") this.#text(tags.text, value);
    else if (typeof value === "number") {
      const at = this.#reserve(8);
      scratch.writeDoubleLE(value, at);
      this.#byte(tags.number);
    } else if (typeof value === "boolean") {
      this.#byte(value ? 1 : 0);
      this.#byte(tags.boolean);
    } else if (Array.isArray(value)) {
      this.#list(value);
      this.#head(tags.list, behind);
    } else if (value instanceof Object) {
      this.struct(value as Fields);
      this.#head(tags.struct, behind);
    } else {
      this.#byte(0);
      this.#byte(tags.null);
    }
  }

  #list(values: readonly unknown[]): void {
    for (const value of values.toReversed()) {
      const behind = this.#written;
      this.#value(value);
      this.#head(tags.first, behind);
    }
  }

  #text(tag: number, text: string): void {
    const behind = this.#written;
    const at = this.#reserve(Buffer.byteLength(text));
    scratch.write(text, at);
    this.#head(tag, behind);
  }

  /** Tag and length of what has been written since `behind`. */
  #head(tag: number, behind: number): void {
    this.#varint(this.#written - behind);
    this.#byte(tag);
  }

  #varint(value: number): void {
    if (value < 128) {
      this.#byte(value);
      return;
    }
    this.#varint(Math.floor(value / 128));
    this.#byte((value % 128) | 128);
  }

  #byte(byte: number): void {
    const at = this.#reserve(1);
    scratch[at] = byte;
  }

  /** Makes room in front of what is written; gives where it begins. */
  #reserve(size: number): number {
    const needed = this.#written + size;
    if (needed > scratch.length) {
      const larger = Buffer.allocUnsafe(2 * needed);
      scratch.copy(larger, larger.length - this.#written, scratch.length - this.#written);
      scratch = larger;
    }
    this.#written = needed;
    return scratch.length - needed;
  }
}
