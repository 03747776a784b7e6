/** The parts of an OpenAPI 3.1 document that tests read. */
export interface Document {
  paths: Record<string, Record<string, OperationObject>>;
  components: {
    schemas: Record<string, JsonSchema>;
    securitySchemes: Record<string, { type: string; in?: string; name?: string }>;
  };
}

/** A JSON Schema 2020-12 that is an object. */
export type JsonSchema = Record<string, unknown>;

export interface OperationObject {
  operationId: string;
  security?: Record<string, unknown>[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: JsonSchema;
}

interface Media {
  schema?: JsonSchema;
  examples?: Record<string, { value: unknown }>;
}

export interface Operation {
  /** `POST /events`. */
  name: string;
  method: string;
  path: string;
  operation: OperationObject;
  /** Status to the codes of its problems. */
  problems: Map<number, Set<string>>;
}

/** Every operation of a document. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      operation,
      problems: problemsOf(operation),
    }))
  );
}

function problemsOf({ responses }: OperationObject): Operation["problems"] {
  return new Map(
    Object.entries(responses).flatMap(([status, { content }]) => {
      // A problem is documented as `{allOf: [Problem], properties: {code: {enum}}}`.
      const schema = content?.["application/problem+json"]?.schema as
        | { properties: { code: { enum: string[] } } }
        | undefined;
      return schema ? [[Number(status), new Set(schema.properties.code.enum)] as const] : [];
    }),
  );
}
