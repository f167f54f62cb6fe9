/** Messages whose structs stay bytes on their way through gRPC: the stand-in reads and writes those bytes itself. */

import jspb from "google-protobuf";
import type { BinaryReader, BinaryWriter } from "google-protobuf";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { ServiceDefinition } from "@grpc/grpc-js";

type Struct = struct.Struct;

const contents = new WeakMap<Struct, Uint8Array>();

/** A struct of these bytes. Whoever else looks into it finds its fields as usual. */
export function structOf(bytes: Uint8Array): Struct {
  return fill(new struct.Struct(), bytes);
}

/** A struct's bytes. */
export function bytesOf(message: Struct): Uint8Array {
  return contents.get(message) ?? message.serializeBinary();
}

function fill(message: Struct, bytes: Uint8Array): Struct {
  contents.set(message, bytes);
  let fields: ReturnType<Struct["getFieldsMap"]> | undefined;
  message.getFieldsMap = () => (fields ??= struct.Struct.deserializeBinary(bytes).getFieldsMap());
  return message;
}

/** What protoc generates for a message. */
interface Codec {
  new (): unknown;
  deserializeBinaryFromReader(message: unknown, reader: BinaryReader): unknown;
  serializeBinaryToWriter(message: unknown, writer: BinaryWriter): void;
}

/** The service with structs left as bytes, in requests as in responses, for its server and for its clients. */
export function packed(service: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => {
      const { requestType, responseType } = method as typeof method &
        Record<"requestType" | "responseType", Codec>;
      return [
        name,
        {
          ...method,
          requestSerialize: serializer(requestType),
          requestDeserialize: deserializer(requestType),
          responseSerialize: serializer(responseType),
          responseDeserialize: deserializer(responseType),
        },
      ];
    }),
  );
}

function deserializer(Message: Codec): (bytes: Buffer) => unknown {
  return (bytes) => Message.deserializeBinaryFromReader(new Message(), readerOf(bytes));
}

function serializer(Message: Codec): (message: unknown) => Buffer {
  return (message) => {
    const writer = writerToPack();
    Message.serializeBinaryToWriter(message, writer);
    return Buffer.from(writer.getResultBuffer());
  };
}

function readerOf(bytes: Uint8Array): BinaryReader {
  const reader = new jspb.BinaryReader(bytes);
  const { readMessage } = reader;
  reader.readMessage = (message: unknown, read) => {
    if (message instanceof struct.Struct) fill(message, reader.readBytes());
    else readMessage.call(reader, message, read);
  };
  return reader;
}

function writerToPack(): BinaryWriter {
  const writer = new jspb.BinaryWriter();
  const { writeMessage } = writer;
  writer.writeMessage = (field, message: unknown, write) => {
    const bytes = message instanceof struct.Struct ? contents.get(message) : undefined;
    if (bytes === undefined) writeMessage.call(writer, field, message, write);
    else writer.writeBytes(field, bytes);
  };
  return writer;
}
