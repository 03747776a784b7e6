import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Document, JsonSchema } from "../operation.ts";

/** Reads the JSON Schemas of a document: follows references and holds values against them. */
export class SchemaReader {
  #components: Document["components"]["schemas"];
  #validators = new Map<string, ValidateFunction>();
  #ajv = new Ajv2020({ strict: false });

  constructor(document: Document) {
    this.#components = document.components.schemas;
    addFormats.default(this.#ajv);
  }

  /** The schema with its reference followed and its `allOf` written out. */
  resolve(schema: JsonSchema): JsonSchema {
    const { $ref, allOf, ...own } = schema;
    const parts: JsonSchema[] = [
      ...(typeof $ref === "string" ? [this.#component($ref)] : []),
      // `allOf` is an array of schemas in every valid document.
      ...(allOf as JsonSchema[] | undefined ?? []),
    ].map((part) => this.resolve(part));
    return parts.reduceRight((whole, part) => merge(part, whole), own);
  }

  /** What is wrong with a value, as one line; null when it conforms. */
  fault(schema: JsonSchema, value: unknown): string | null {
    const validate = this.#validator(schema);
    if (validate(value)) return null;
    const [error] = validate.errors ?? [];
    return `${error?.instancePath} ${error?.message}`;
  }

  #component($ref: string): JsonSchema {
    const found = this.#components[$ref.replace("#/components/schemas/", "")];
    if (!found) throw new Error(`Cannot find "${$ref}" in the document`);
    return found;
  }

  #validator(schema: JsonSchema): ValidateFunction {
    const key = JSON.stringify(schema);
    const known = this.#validators.get(key);
    if (known) return known;
    const whole = { allOf: [schema], components: { schemas: this.#components } };
    const made = this.#ajv.compile(whole);
    this.#validators.set(key, made);
    return made;
  }
}

function merge(a: JsonSchema, b: JsonSchema): JsonSchema {
  const whole: JsonSchema = { ...a, ...b };
  if (a.properties && b.properties) whole.properties = { ...a.properties, ...b.properties };
  if (Array.isArray(a.required) && Array.isArray(b.required)) {
    whole.required = [...a.required, ...b.required];
  }
  return whole;
}
