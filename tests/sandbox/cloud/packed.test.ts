import assert from "node:assert/strict";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { bytesOf, packed, structOf } from "../../../sandbox/cloud/packed.ts";

const fields = { text: "x", nested: { list: [1, true, null] } };
const message = struct.Struct.fromJavaScript(fields);
const { check, configure } = packed(services.ResourceProviderService) as unknown as Record<
  "check" | "configure",
  {
    requestDeserialize: (bytes: Buffer) => pb.CheckRequest;
    responseSerialize: (response: unknown) => Buffer;
  }
>;

describe("sandbox/cloud/packed", () => {
  it("reads a request with its structs as bytes, which show their fields to whoever asks", () => {
    const sent = new pb.CheckRequest().setUrn("urn").setNews(message).setRandomseed(Uint8Array.of(1, 2));
    const received = check.requestDeserialize(Buffer.from(sent.serializeBinary()));
    assert.equal(received.getUrn(), "urn");
    assert.deepEqual(received.getRandomseed_asU8(), Uint8Array.of(1, 2));
    assert.equal(received.hasOlds(), false);
    const news = received.getNews();
    assert.ok(news);
    assert.deepEqual(Buffer.from(bytesOf(news)), Buffer.from(message.serializeBinary()));
    assert.deepEqual(news.toJavaScript(), fields);
    assert.deepEqual(received.serializeBinary(), sent.serializeBinary());
  });

  it("writes a response of bytes as protobuf's own library would write its fields", () => {
    const failures = [new pb.CheckFailure().setProperty("a").setReason("b")];
    const plain = new pb.CheckResponse().setInputs(message).setFailuresList(failures).serializeBinary();
    const response = (inputs: struct.Struct) =>
      check.responseSerialize(new pb.CheckResponse().setInputs(inputs).setFailuresList(failures));
    assert.deepEqual(response(structOf(message.serializeBinary())), Buffer.from(plain));
    assert.deepEqual(response(message), Buffer.from(plain), "also where it holds an ordinary struct");
  });

  it("leaves messages without structs alone", () => {
    const response = new pb.ConfigureResponse().setSupportspreview(true);
    assert.deepEqual(configure.responseSerialize(response), Buffer.from(response.serializeBinary()));
  });
});
