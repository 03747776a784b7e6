import fc from "fast-check";
import type { JsonSchema, Operation, Parameter } from "../operation.ts";
import { type Sender, senders } from "./credentials.ts";
import type { SchemaReader } from "./schema_reader.ts";
import { spoiled } from "./spoiled.ts";
import { conforming } from "./values.ts";

/** A request as it is generated: values of an earlier answer are still to be filled in. */
export interface Draft {
  operation: Operation;
  who: Sender;
  /** Which of the objects seen so far the values to be filled in come from. */
  object: number;
  parameters: { parameter: Parameter; value: unknown }[];
  /** A query parameter that the document does not know. */
  strange?: string;
  body?: { json: unknown } | { raw: string | Uint8Array<ArrayBuffer> };
  contentType: string;
}

const people = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Sender>(...senders.often) },
  { weight: 3, arbitrary: fc.constantFrom<Sender>(...senders.sometimes) },
  { weight: 1, arbitrary: fc.constantFrom<Sender>(...senders.seldom) },
);

const raws = fc.constantFrom<string | Uint8Array<ArrayBuffer>>(
  ...["", " ", "{", "nul", "[1,]", '{"a":1e999}', '"\\ud800"', "\ufeff{}", "a=b", "[".repeat(5000)],
  ...["[".repeat(40) + "]".repeat(40), '{"data":{"__proto__":{"a":1}}}', '{"a":1,"a":2}'],
  new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
);

const contentTypes = fc.oneof(
  { weight: 30, arbitrary: fc.constant("application/json") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "application/json; charset=utf-8",
      "text/plain",
      "application/xml",
      "application/x-www-form-urlencoded",
      "application/json; charset=latin1",
      "json",
    ),
  },
);

/** Requests to an operation, right and wrong ones, from its declaration alone. */
export function requestsTo(reader: SchemaReader, operation: Operation): fc.Arbitrary<Draft> {
  const { parameters = [], requestBody } = operation.operation;
  const media = requestBody?.content["application/json"];
  return fc.record({
    operation: fc.constant(operation),
    who: people,
    object: fc.nat(9999),
    parameters: fc.tuple(...parameters.map((one) => parameterValues(reader, one)))
      .map((values) => values.filter((one) => one !== undefined)),
    strange: seldom(fc.constantFrom("nonsense", "__proto__"), 20),
    contentType: contentTypes,
    ...(media?.schema &&
      { body: bodies(reader, media.schema, Object.values(media.examples ?? {})) }),
  });
}

function parameterValues(reader: SchemaReader, parameter: Parameter) {
  const { name, schema, required } = parameter;
  const value = fc.oneof(
    { weight: 5, arbitrary: conforming(reader, schema, name) },
    { weight: 1, arbitrary: spoiled(conforming(reader, schema)) },
  ).map((value) => ({ parameter, value }));
  return required ? value : seldom(value, 2);
}

function bodies(reader: SchemaReader, schema: JsonSchema, examples: { value: unknown }[]) {
  const json = [
    { weight: 4, arbitrary: conforming(reader, schema) },
    { weight: 3, arbitrary: spoiled(conforming(reader, schema)) },
  ];
  if (examples.length > 0) {
    const example = fc.constantFrom(...examples.map(({ value }) => value));
    const varied = fc.tuple(conforming(reader, schema), example)
      .map(([other, event]) => Object.assign({}, other, event));
    json.push(
      { weight: 6, arbitrary: fc.oneof(example, varied) },
      { weight: 6, arbitrary: spoiled(example) },
    );
  }
  return fc.oneof(
    { weight: 12, arbitrary: fc.oneof(...json).map((json) => ({ json })) },
    { weight: 1, arbitrary: raws.map((raw) => ({ raw })) },
  );
}

function seldom<T>(values: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });
}
