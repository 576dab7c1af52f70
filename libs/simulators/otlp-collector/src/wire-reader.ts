/** A field of a protobuf message: its number, and a number or bytes. */
export interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/**
 * The fields of one protobuf message in the order they came (protobuf encoding, wire types 0, 1, 2 and 5).
 * @throws Error when the bytes are no such message
 */
export function* readFields(bytes: Uint8Array): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error('a varint has no end');
  };
  while (at < bytes.length) {
    const key = Number(varint());
    yield { number: key >>> 3, value: payload(key & 7) };
  }

  function payload(wireType: number): bigint | Uint8Array {
    switch (wireType) {
      case 0:
        return varint();
      case 1:
        at += 8;
        return view.getBigUint64(at - 8, true);
      case 2: {
        const length = Number(varint());
        if (at + length > bytes.length) throw new Error('a field is longer than its message');
        at += length;
        return bytes.subarray(at - length, at);
      }
      case 5:
        at += 4;
        return BigInt(view.getUint32(at - 4, true));
      default:
        throw new Error(`wire type ${wireType}`);
    }
  }
}
